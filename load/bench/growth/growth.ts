import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FunctionDefinition,
  reservedVariables,
} from '../../../local/lambda/function-definition.ts';
import type { FunctionProcess } from '../function/function-process.ts';
import { functionOf, startFunction } from '../function/start-function.ts';
import { askChild } from '../in-child.ts';
import { inScene, type Scene } from '../scene.ts';
import type { Benchmark, How } from '../section.ts';
import type { StandIns } from '../stand-ins/start-stand-ins.ts';
import { median } from '../statistics.ts';
import { checkTurns } from '../turn/turn-calls.ts';
import {
  CHAT_LENGTHS,
  type GrowthMeasured,
  growthSection,
  type Heap,
  noTurns,
  TENANTS,
} from './growth-section.ts';
import type { RoutingCost, RoutingQuestion } from './measure-routing.ts';

/** Whether a turn costs more in a long chat, routing among many tenants, and a process after many chats. */
export const growth: Benchmark = {
  name: 'growth',
  run: (how) => inScene(how, async (scene) => growthSection(await measure(scene, how))),
};

async function measure(scene: Scene, how: How): Promise<GrowthMeasured> {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const file = join(folder, 'heap.jsonl');
  const running = await startFunction(scene, watched(scene, file));
  try {
    for (let nth = 0; nth < WARM_UP_BATCHES; nth += 1) await answer(scene, running, customers(10));
    how.say('growth: chats');
    const turns = await measureChats(scene, running, how.runs * 4);
    how.say('growth: tenants');
    const routing = await measureTenants(scene);
    how.say('growth: memory');
    const before = heaps(file).length;
    for (let nth = 0; nth < MEMORY_BATCHES; nth += 1) await answer(scene, running, customers(10));
    return { turns, routing, memory: heaps(file).slice(before) };
  } finally {
    await running.stop();
    rmSync(folder, { recursive: true });
  }
}

const WARM_UP_BATCHES = 10;
/** Of ten turns each. */
const MEMORY_BATCHES = 200;

function heaps(file: string): readonly Heap[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line): Heap => JSON.parse(line));
}

/** The processor, which writes down now and then what it keeps. */
function watched(scene: Scene, file: string) {
  const processor = functionOf(scene, 'processor');
  const NODE_OPTIONS = `--require ${join(import.meta.dirname, 'heap.cjs')}`;
  return { ...processor, variables: { ...processor.variables, NODE_OPTIONS, HEAP_FILE: file } };
}

let taken = 0;

/** Who has not written before. */
function customers(count: number): readonly number[] {
  taken += count;
  return Array.from({ length: count }, (_, nth) => taken - count + nth);
}

async function answer({ standIns }: Scene, running: FunctionProcess, writers: readonly number[]) {
  const event = await standIns.ring(writers);
  await standIns.takeCalls();
  const spent = await running.invoke(event);
  const calls = await standIns.takeCalls();
  checkTurns(calls, writers.length, spent);
  return { ...spent, calls };
}

/**
 * A turn makes its chat longer: the shorter they are, the more of them are wanted. WhatsApp takes 45 messages
 * to one person at once, and the processor puts off the turn after them.
 */
const MOST_TURNS_OF_A_CHAT = [1, 5, 40];
/** Of so many messages a chat has no summary yet. */
const SHORT = 10;
/** Memory jobs come while so many turns are not summed up. */
const TURNS_PER_SUMMARY = 5;

async function measureChats(
  scene: Scene,
  running: FunctionProcess,
  samples: number,
): Promise<GrowthMeasured['turns']> {
  const chats: (readonly number[])[] = [];
  for (const [nth, messages] of CHAT_LENGTHS.entries()) {
    const writers = customers(Math.max(1, Math.ceil(samples / (MOST_TURNS_OF_A_CHAT[nth] ?? 1))));
    for (const each of writers) await answer(scene, running, [each]);
    await scene.standIns.giveHistory(writers, messages);
    chats.push(writers);
  }
  const turns = CHAT_LENGTHS.map(noTurns);
  // Side by side, so that whatever else the machine does meets all.
  for (let sample = 0; sample < samples; sample += 1) {
    const long = chats.filter((_, nth) => (CHAT_LENGTHS[nth] ?? 0) > SHORT);
    if (sample % TURNS_PER_SUMMARY === 0) await scene.standIns.summarise(long.flat());
    for (const [nth, writers] of chats.entries()) {
      const writer = writers[sample % writers.length] ?? 0;
      const { cpuMs, wallMs, calls } = await answer(scene, running, [writer]);
      turns[nth]?.cpuMs.push(cpuMs);
      turns[nth]?.wallMs.push(wallMs);
      turns[nth]?.storeMs.push(calls['DynamoDB ms'] ?? Number.NaN);
      turns[nth]?.storeKb.push((calls['DynamoDB bytes'] ?? Number.NaN) / 1_024);
    }
  }
  return turns;
}

/** One is compiled otherwise than the next; tenants are only added, so that numbers of them cannot take turns. */
const ROUTING_PROCESSES = 5;

/** By how many there are. */
async function measureTenants(scene: Scene): Promise<readonly RoutingCost[]> {
  const { standIns } = scene;
  const costs: RoutingCost[] = [];
  let there = 0;
  for (const tenants of TENANTS) {
    await standIns.addTenants(there, tenants);
    there = tenants;
    const processes: RoutingCost[] = [];
    for (let nth = 0; nth < ROUTING_PROCESSES; nth += 1) {
      processes.push(await routingAmong(tenants, standIns, functionOf(scene, 'processor')));
    }
    costs.push({
      cpuUs: median(processes.map(({ cpuUs }) => cpuUs)),
      wallUs: median(processes.map(({ wallUs }) => wallUs)),
    });
  }
  return costs;
}

function routingAmong(
  tenants: number,
  { url }: StandIns,
  processor: FunctionDefinition,
): Promise<RoutingCost> {
  const question: RoutingQuestion = { tenants };
  return askChild(join(import.meta.dirname, 'measure-routing.ts'), question, {
    ...processor.variables,
    ...reservedVariables(processor, 'ASIABENCHBENCHBENCH2'),
    AWS_ENDPOINT_URL: url,
  });
}
