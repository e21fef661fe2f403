import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inScene, type Scene } from '../scene.ts';
import type { Benchmark, How, Section } from '../section.ts';
import { coldSection } from './cold-section.ts';
import { coldSubjects } from './cold-subjects.ts';
import { measureCold } from './measure-cold.ts';

export const coldStart: Benchmark = {
  name: 'cold',
  run: (how) => inScene(how, (scene) => run(scene, how)),
};

async function run(scene: Scene, how: How): Promise<Section> {
  const subjects = await coldSubjects(scene);
  const starts = await measureCold(subjects, {
    rounds: how.runs,
    peersUrl: scene.standIns.url,
    runtime: scene.runtime,
    onRound: (round) => {
      if (round > 0) how.say(`cold: round ${round} of ${how.runs}`);
    },
  });
  return coldSection(
    subjects.map(({ name, definition }) => ({
      name,
      ...sizesOf(definition.taskRoot),
      starts: starts.get(name) ?? [],
    })),
  );
}

/** In KB, without source maps: those are read only where an error is printed. */
function sizesOf(taskRoot: string) {
  const sizes = readdirSync(taskRoot)
    .filter((file) => !file.endsWith('.map'))
    .map((file) => ({ file, kb: statSync(join(taskRoot, file)).size / 1024 }));
  return {
    handlerKb: sizes.find(({ file }) => file === 'handler.mjs')?.kb ?? 0,
    deployedKb: sizes.reduce((sum, { kb }) => sum + kb, 0),
  };
}
