import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { NODE_BUILTINS } from '#lib/bundling/node-builtins.ts';
import { isImported, PACKAGES_APART } from '#lib/bundling/packages-apart.ts';

const projectRoot = join(import.meta.dirname, '../..');
/** No function's folder. */
const APART = 'packages-apart';

/** A bundle and its source map. */
interface Bundle {
  readonly code: string;
  readonly map: string;
}

/** What a function consists of: its handler, and a file for each thread that it starts. */
interface FunctionFiles {
  readonly handler: Bundle;
  /** Code by the name of its file: that of threads, and packages that are loaded when they are needed. */
  readonly beside: ReadonlyMap<string, string>;
}

/**
 * The functions' code: every lambdas/<folder>/handler.ts as one ESM file with everything inside,
 * the AWS SDK too; likewise each <name>-worker.ts beside it, for a thread that loads it when it is needed, and
 * the packages that a function imports only when it needs them.
 *
 * One esbuild run makes all of them, when the first is asked for
 * (docs/adr/106-one-bundling-run.md).
 */
export class FunctionBundles {
  #bundles: ReadonlyMap<string, FunctionFiles> | undefined;

  /** The code of lambdas/<folder>; its entry point is `handler.handler`. */
  codeOf(folder: string, { sourceMap }: { readonly sourceMap: boolean }): Code {
    return Code.fromAsset(join(projectRoot, 'lambdas', folder), {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // The type demands an image; it is never asked for, since bundling here succeeds or throws.
        image: DockerImage.fromRegistry('unused'),
        local: {
          tryBundle: (outputFolder) => {
            this.#write(folder, sourceMap, outputFolder);
            return true;
          },
        },
      },
    });
  }

  #write(folder: string, sourceMap: boolean, outputFolder: string): void {
    this.#bundles ??= bundleAll();
    const files = this.#bundles.get(folder);
    if (!files) throw new Error(`Write lambdas/${folder}/handler.ts: there is nothing to deploy`);
    const { handler: bundle, beside } = files;
    for (const [name, code] of beside) writeFileSync(join(outputFolder, name), code);
    const link = sourceMap ? '//# sourceMappingURL=handler.mjs.map\n' : '';
    writeFileSync(join(outputFolder, 'handler.mjs'), bundle.code + link);
    if (sourceMap) writeFileSync(join(outputFolder, 'handler.mjs.map'), bundle.map);
  }
}

function bundleAll(): ReadonlyMap<string, FunctionFiles> {
  const folders = readdirSync(join(projectRoot, 'lambdas'));
  const workersOf = (folder: string) =>
    readdirSync(join(projectRoot, 'lambdas', folder)).filter((file) => file.endsWith('-worker.ts'));
  // Never written: only gives the outputs their names.
  const outdir = join(projectRoot, 'cdk.out');
  const { outputFiles } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: [
      ...folders.flatMap((folder) =>
        ['handler.ts', ...workersOf(folder)].map((file) => ({
          in: `lambdas/${folder}/${file}`,
          out: `${folder}/${basename(file, '.ts')}`,
        })),
      ),
      ...PACKAGES_APART.map(({ entryPoint, file }) => ({
        in: entryPoint,
        out: `${APART}/${basename(file, '.mjs')}`,
      })),
    ],
    outdir,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: they are what tree shaking works on.
    mainFields: ['module', 'main'],
    alias: {
      ...NODE_BUILTINS,
      ...Object.fromEntries(PACKAGES_APART.map(({ name, file }) => [name, `./${file}`])),
    },
    external: PACKAGES_APART.map(({ file }) => `./${file}`),
    minify: true,
    // Class names appear in logs.
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'error',
  });
  const textOf = (path: string) =>
    outputFiles.find((file) => file.path === join(outdir, path))?.text ?? '';
  return new Map(
    folders.map((folder) => {
      const code = textOf(`${folder}/handler.mjs`);
      const workers = workersOf(folder).map((file) => file.replace(/\.ts$/, '.mjs'));
      const apart = PACKAGES_APART.filter(({ file }) => isImported(file, code));
      const beside = new Map([
        ...workers.map((file) => [file, textOf(`${folder}/${file}`)] as const),
        ...apart.map(({ file }) => [file, textOf(`${APART}/${file}`)] as const),
      ]);
      return [folder, { handler: { code, map: textOf(`${folder}/handler.mjs.map`) }, beside }];
    }),
  );
}
