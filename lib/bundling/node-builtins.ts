import { builtinModules } from 'node:module';

/**
 * Node's own modules by `process.getBuiltinModule` instead of by `import`, for esbuild's `alias`. An import of
 * one makes Node read all that it exports, and with it loads what hides behind getters: `node:http` brings
 * its whole `fetch`, some 20 ms of CPU at every cold start (docs/adr/037-node-without-its-facades.md).
 */
export const NODE_BUILTINS: Readonly<Record<string, string>> = Object.fromEntries(
  builtinModules
    .filter((name) => !name.startsWith('node:'))
    .flatMap((name) => {
      const code = `module.exports=process.getBuiltinModule('node:${name}')`;
      return [name, `node:${name}`].map((specifier) => [specifier, `data:text/javascript,${code}`]);
    }),
);
