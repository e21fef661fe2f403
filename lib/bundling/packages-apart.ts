/** A package that functions load only when they need it: a file of its own beside the handler. */
export interface PackageApart {
  readonly name: string;
  /** Its ES modules: what tree shaking works on. */
  readonly entryPoint: string;
  /** By which the bundles find it. */
  readonly file: string;
}

/**
 * What no ordinary text turn needs. Inside the handler's file each would be read at every cold start, and lie
 * in the source map that Node reads with it.
 */
export const PACKAGES_APART: readonly PackageApart[] = [
  { name: 'openai', entryPoint: 'node_modules/openai/index.mjs', file: 'openai.mjs' },
  ...['s3', 'sns'].map((service) => ({
    name: `@aws-sdk/client-${service}`,
    entryPoint: `node_modules/@aws-sdk/client-${service}/dist-es/index.js`,
    file: `client-${service}.mjs`,
  })),
];

/** Also at once, which is slow: without the file the function would not load at all. */
export function isImported(file: string, code: string): boolean {
  return code.includes(`"./${file}"`);
}
