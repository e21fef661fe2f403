import { join } from 'node:path';
import { synthesize } from '../../local/synthesize.ts';
import { bundleFloors, type Floors } from './floors/bundle-floors.ts';
import { compileRuntimeClient } from './runtime-client.ts';
import type { How } from './section.ts';
import { type StandIns, startStandIns } from './stand-ins/start-stand-ins.ts';

/** What a benchmark of functions stands in. */
export interface Scene {
  readonly standIns: StandIns;
  readonly floors: Floors;
  /** The module that runs a handler. */
  readonly runtime: string;
}

const STAGE = 'prod';
const BOOTSTRAP = join(import.meta.dirname, '../../local/lambda/bootstrap.mjs');

/** The stage's bundles and tables, the floors and the runtime, for as long as a benchmark takes. */
export async function inScene<Result>(
  how: How,
  act: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const assembly = await synthesize({ stage: STAGE });
  const floors = await bundleFloors();
  try {
    const standIns = await startStandIns(assembly.directory);
    try {
      return await act({ standIns, floors, runtime: await runtimeModule(how) });
    } finally {
      await standIns.close();
    }
  } finally {
    floors.remove();
    await assembly.remove();
  }
}

async function runtimeModule(how: How): Promise<string> {
  const client = await compileRuntimeClient();
  if (client !== undefined) return join(client, 'index.mjs');
  how.say(
    "AWS's runtime client does not compile here (cmake, make, g++ and xz are wanted): functions run under local/lambda/bootstrap.mjs instead.",
  );
  return BOOTSTRAP;
}
