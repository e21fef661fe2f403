import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { NODE_BUILTINS } from '../../../lib/bundling/node-builtins.ts';
import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';

type FloorName = 'empty' | 'ingest' | 'processor';

/** The floors as Lambda would run them: each takes the place of a function's bundle, and nothing else of it. */
export interface Floors {
  in(definition: FunctionDefinition, floor: FloorName): FunctionDefinition;
  /** As `in`, of one that fetches Node's modules by `process.getBuiltinModule`. */
  barestIn(definition: FunctionDefinition, floor: FloorName): FunctionDefinition;
  remove(): void;
}

const FLOORS: readonly FloorName[] = ['empty', 'ingest', 'processor'];

/** Bundled as lib/constructs/function-bundles.ts bundles the functions. */
export async function bundleFloors(): Promise<Floors> {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'));
  const [usual, barest] = [join(folder, 'usual'), join(folder, 'barest')];
  await Promise.all([bundleInto(usual, {}), bundleInto(barest, NODE_BUILTINS)]);
  return {
    in: (definition, floor) => ({ ...definition, taskRoot: join(usual, floor) }),
    barestIn: (definition, floor) => ({ ...definition, taskRoot: join(barest, floor) }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

async function bundleInto(outdir: string, alias: Readonly<Record<string, string>>): Promise<void> {
  await build({
    entryPoints: FLOORS.map((floor) => ({
      in: join(import.meta.dirname, `${floor}.ts`),
      out: `${floor}/handler`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    alias: { ...alias },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    logLevel: 'error',
  });
}
