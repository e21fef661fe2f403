import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';

type FloorName = 'empty' | 'ingest' | 'processor';

/** The floors as Lambda would run them: each takes the place of a function's bundle, and nothing else of it. */
export interface Floors {
  in(definition: FunctionDefinition, floor: FloorName): FunctionDefinition;
  remove(): void;
}

const FLOORS: readonly FloorName[] = ['empty', 'ingest', 'processor'];

/** Bundled as lib/constructs/function-bundles.ts bundles the functions. */
export async function bundleFloors(): Promise<Floors> {
  const outdir = mkdtempSync(join(tmpdir(), 'floors-'));
  await build({
    entryPoints: FLOORS.map((floor) => ({
      in: join(import.meta.dirname, `${floor}.ts`),
      out: `${floor}/handler`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    logLevel: 'error',
  });
  return {
    in: (definition, floor) => ({ ...definition, taskRoot: join(outdir, floor) }),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}
