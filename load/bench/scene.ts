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

/** Runs handlers where AWS's runtime client does not compile. */
export const BOOTSTRAP = join(import.meta.dirname, '../../local/lambda/bootstrap.mjs');

/** The stage's bundles and tables, the floors and the runtime, for as long as a benchmark takes. */
export async function inScene<Result>(
  how: How,
  act: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const { close, ...scene } = await openScene(await runtimeModule(how));
  try {
    return await act(scene);
  } finally {
    await close();
  }
}

export async function openScene(runtime: string): Promise<Scene & { close(): Promise<void> }> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const assembly = await synthesize({ stage: STAGE });
    closers.push(() => assembly.remove());
    const floors = await bundleFloors();
    closers.push(() => floors.remove());
    const standIns = await startStandIns(assembly.directory);
    closers.push(() => standIns.close());
    return { standIns, floors, runtime, close };
  } catch (error) {
    await close();
    throw error;
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
