import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../function/bench-error.ts';
import type { FunctionProcess } from '../function/function-process.ts';
import { functionOf, startFunction } from '../function/start-function.ts';
import { inScene, type Scene } from '../scene.ts';
import type { Benchmark, How } from '../section.ts';
import type { StandIns } from '../stand-ins/start-stand-ins.ts';
import { checkAnswered } from '../turn/turn-calls.ts';
import { type Measured, overlapSection } from './overlap-section.ts';

/** Whether an environment waits for ten chats in the time of one, and a chat for the slowest of its batch. */
export const overlap: Benchmark = {
  name: 'overlap',
  run: (how) => inScene(how, async (scene) => overlapSection(await measure(scene, how))),
};

const MODEL_MS = 3_000;
/** In the measurement of a slow chat, of the others. */
const QUICK_MS = 200;
const SLOW_TEXT = 'Please think about it for a while:';
const CHATS = 10;
const WARM_UP_BATCHES = 5;

async function measure(scene: Scene, how: How): Promise<Measured> {
  const processor = functionOf(scene, 'processor');
  // The second one takes up what the first one has finished.
  const first = await startFunction(scene, processor);
  const second = await startFunction(scene, processor);
  const measured: Measured = { modelMs: MODEL_MS, aloneMs: [], batchMs: [], slow: [] };
  try {
    for (let nth = 0; nth < WARM_UP_BATCHES; nth += 1) {
      for (const each of [first, second]) await each.invoke(await scene.standIns.ring(customers()));
    }
    const rounds = Math.ceil(how.runs / 5);
    for (let round = 0; round < rounds; round += 1) {
      how.say(`overlap: round ${round + 1} of ${rounds}`);
      await scene.standIns.setModelLatency(MODEL_MS);
      measured.aloneMs.push(await wallOf(scene.standIns, first, 1));
      measured.batchMs.push(await wallOf(scene.standIns, first, CHATS));
      measured.slow.push(await besideASlowOne(scene.standIns, first, second));
    }
    return measured;
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
}

let taken = 0;

/** Who has not written before. */
function customers(count = CHATS): readonly number[] {
  taken += count;
  return Array.from({ length: count }, (_, nth) => taken - count + nth);
}

async function wallOf(
  standIns: StandIns,
  running: FunctionProcess,
  chats: number,
): Promise<number> {
  const spent = await running.invoke(await standIns.ring(customers(chats)));
  checkAnswered(spent);
  return spent.wallMs;
}

/**
 * A batch of which one chat's answer takes long. When the others have theirs they write again: how long does
 * it take until an environment gets these messages, and until they are answered?
 */
async function besideASlowOne(
  standIns: StandIns,
  first: FunctionProcess,
  second: FunctionProcess,
): Promise<Measured['slow'][number]> {
  const slow = { slowText: SLOW_TEXT, moreMs: MODEL_MS - QUICK_MS };
  await standIns.setModelLatency(QUICK_MS, slow);
  const [patient = 0, ...others] = customers();
  await standIns.write([patient], `${SLOW_TEXT} which bread would you take?`);
  await standIns.write(others);
  const batch = await standIns.receive();
  await standIns.takeCalls();
  const slowOne = first.invoke(batch).then((spent) => ({ ...spent, endedMs: performance.now() }));
  await answered(standIns, others.length);
  const writtenMs = performance.now();
  await standIns.write(others);
  const { lastMs, answeredMs } = await takeUp(standIns, second, others.length);
  const spent = await slowOne;
  const { endedMs } = spent;
  checkAnswered(spent);
  return {
    takenUpMs: lastMs - writtenMs,
    answeredMs: answeredMs - writtenMs,
    slowMs: endedMs - writtenMs,
  };
}

const LONGEST_WAIT_MS = 60_000;

/** Waits until so many replies are out: two calls for each, and the read receipt of the slow one. */
async function answered(standIns: StandIns, replies: number): Promise<void> {
  let calls = 0;
  const untilMs = performance.now() + LONGEST_WAIT_MS;
  while (calls < replies * 2 + 1) {
    if (performance.now() > untilMs) throw new BenchError('The quick chats got no answer');
    await sleep(10);
    calls += (await standIns.takeCalls())['Graph messages'] ?? 0;
  }
}

/** Takes what is there as soon as there is something, and has an environment answer it, until so many chats had a turn. */
async function takeUp(
  standIns: StandIns,
  running: FunctionProcess,
  chats: number,
): Promise<{ readonly lastMs: number; readonly answeredMs: number }> {
  let lastMs = 0;
  let done = 0;
  let working = Promise.resolve();
  const untilMs = performance.now() + LONGEST_WAIT_MS;
  while (done < chats) {
    if (performance.now() > untilMs)
      throw new BenchError('Messages after the first stayed in the queue');
    const batch = await standIns.receive();
    if (batch === '') {
      await sleep(10);
      continue;
    }
    lastMs = performance.now();
    const event: { readonly Records: readonly unknown[] } = JSON.parse(batch);
    done += event.Records.length;
    working = working.then(async () => checkAnswered(await running.invoke(batch)));
  }
  await working;
  return { lastMs, answeredMs: performance.now() };
}
