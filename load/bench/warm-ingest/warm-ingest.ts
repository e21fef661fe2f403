import { join } from 'node:path';
import {
  type FunctionDefinition,
  reservedVariables,
} from '../../../local/lambda/function-definition.ts';
import { BenchError } from '../function/bench-error.ts';
import type { FunctionProcess } from '../function/function-process.ts';
import { functionOf, startFunction } from '../function/start-function.ts';
import { askChild } from '../in-child.ts';
import { inScene, type Scene } from '../scene.ts';
import type { Benchmark, How } from '../section.ts';
import { webhookEvent } from '../stand-ins/webhooks.ts';
import { median } from '../statistics.ts';
import { sizedWebhooks } from '../webhooks.ts';
import type { StepsReport } from './measure-steps.ts';
import { type Measured, warmIngestSection } from './warm-ingest-section.ts';

/** What a webhook costs an environment of ingest that has seen many. */
export const warmIngest: Benchmark = {
  name: 'warm-ingest',
  run: (how) => inScene(how, async (scene) => warmIngestSection(await measure(scene, how))),
};

/** So often in a block, by size: about as much work in each. */
const CALLS = [60, 20, 8];
/** The first ones of a process are compiled meanwhile; of the longest the shorter ones were, too. */
const WARM_UP_CALLS = [120, 60, 12];
const BLOCKS = 3;

const SUBJECTS = ['ours', 'floor'] as const;
type Subject = (typeof SUBJECTS)[number];

async function measure(scene: Scene, how: How): Promise<Measured> {
  const ingest = functionOf(scene, 'ingest');
  const cpuUs: Record<Subject, number[][]> = { ours: [[], [], []], floor: [[], [], []] };
  const steps: StepsReport[] = [];
  const rounds = Math.ceil(how.runs / 3);
  for (let round = 0; round < rounds; round += 1) {
    how.say(`warm ingest: round ${round + 1} of ${rounds}`);
    await measureRound(scene, ingest, cpuUs);
    steps.push(await measureSteps(scene, ingest));
  }
  return {
    sizes: sizedWebhooks().map(({ name, body }) => ({ name, bytes: body.length })),
    ...cpuUs,
    steps: (steps[0] ?? []).map((first, size) =>
      first.map((_, step) => median(steps.map((each) => each[size]?.[step] ?? Number.NaN))),
    ),
  };
}

/** Both side by side, in turns, so that whatever else the machine does meets both. */
async function measureRound(
  scene: Scene,
  ingest: FunctionDefinition,
  cpuUs: Record<Subject, number[][]>,
): Promise<void> {
  const processes = {
    ours: await startFunction(scene, ingest),
    floor: await startFunction(scene, scene.floors.in(ingest, 'ingest')),
  };
  for (const [size, warmUp] of WARM_UP_CALLS.entries()) {
    const blocks: Record<Subject, number[]> = { ours: [], floor: [] };
    for (const subject of SUBJECTS) await callOften(processes[subject], size, warmUp);
    for (let nth = 0; nth < BLOCKS; nth += 1) {
      for (const subject of SUBJECTS) {
        blocks[subject].push(await callOften(processes[subject], size, CALLS[size] ?? 1));
      }
    }
    for (const subject of SUBJECTS) cpuUs[subject][size]?.push(median(blocks[subject]));
  }
  await Promise.all(SUBJECTS.map((subject) => processes[subject].stop()));
}

let customers = 0;

/** @returns microseconds of CPU for each call */
async function callOften(running: FunctionProcess, size: number, calls: number): Promise<number> {
  let cpuMs = 0;
  for (let nth = 0; nth < calls; nth += 1) {
    const webhook = sizedWebhooks(customers)[size];
    if (!webhook) throw new BenchError(`There is no webhook of size ${size}`);
    customers += webhook.messages;
    const spent = await running.invoke(webhookEvent(webhook.content));
    const answer: { readonly statusCode?: number } = JSON.parse(spent.result);
    if (answer.statusCode !== 200)
      throw new BenchError(`Ingest refused a webhook: ${spent.result}`);
    cpuMs += spent.cpuMs;
  }
  return (cpuMs * 1_000) / calls;
}

function measureSteps({ standIns }: Scene, ingest: FunctionDefinition): Promise<StepsReport> {
  customers += 100;
  return askChild(join(import.meta.dirname, 'measure-steps.ts'), sizedWebhooks(customers), {
    ...ingest.variables,
    ...reservedVariables(ingest, 'ASIABENCHBENCHBENCH1'),
    AWS_ENDPOINT_URL: standIns.url,
  });
}
