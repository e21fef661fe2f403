import type { Deployed } from './deployed.ts';
import { timeOf } from './function-time.ts';
import { invocationsATurn, type Scene } from './usage.ts';

const DAY_SECONDS = 86_400;

/** How many conversations a day a part holds. */
export interface Limit {
  readonly part: string;
  /** As the bill counts it: nothing waits for anything. */
  readonly conversationsADay: number;
  /** Where it waits, batches fill, and a function works them side by side: then this is the end. */
  readonly withFullBatches: number;
}

/**
 * What the stage's configuration holds, by how many turns a second each part does and the peak of a day; what
 * is full first comes first. A first look, not a model: no queue that fills and drains, no partition, no quota
 * of a peer.
 */
export function limitsOf(scene: Scene): readonly Limit[] {
  const { traffic, deployed } = scene;
  const conversations = (turnsASecond: number) =>
    (turnsASecond * DAY_SECONDS) / traffic.turns / traffic.peak;
  const limit = (part: string, secondsOf: (batch: number) => number, atOnce: number): Limit => ({
    part,
    conversationsADay: conversations(atOnce / secondsOf(1)),
    withFullBatches: conversations(atOnce / secondsOf(sourceOf(part, deployed).batchSize)),
  });
  const reserved = deployed.functions.get('processor')?.reservedConcurrency;
  const webhooks = invocationsATurn('ingest', scene);
  return [
    limit('API', () => webhooks, deployed.requestsPerSecond),
    limit(
      'processor',
      (batch) => processorSeconds(scene, Math.max(batch, traffic.chatsPerBatch)),
      reserved ?? Number.POSITIVE_INFINITY,
    ),
    limit(
      'events',
      () => workingSeconds('events', scene),
      sourceOf('events', deployed).maxConcurrency,
    ),
    limit('jobs', (batch) => jobsSeconds(scene, batch), sourceOf('jobs', deployed).maxConcurrency),
  ].sort((one, other) => one.withFullBatches - other.withFullBatches);
}

/** Processors at work in the busiest minute, with as many chats to a batch as are assumed. */
export function processorsNeeded(scene: Scene): number {
  const { conversationsADay, turns, peak, chatsPerBatch } = scene.traffic;
  const turnsASecond = (conversationsADay * turns * peak) / DAY_SECONDS;
  return Math.ceil(turnsASecond * processorSeconds(scene, chatsPerBatch));
}

/** That one processor is busy for a turn: working takes each chat its time, waiting is shared. */
function processorSeconds(scene: Scene, chats: number): number {
  const { modelSeconds, graphSeconds } = scene.traffic;
  return workingSeconds('processor', scene) + (modelSeconds + graphSeconds) / chats;
}

/** Alone, one job of a conversation waits for the model; of a full batch one at least, and the others with it. */
function jobsSeconds(scene: Scene, batch: number): number {
  const { memorySeconds, turns } = scene.traffic;
  const waiting = batch === 1 ? memorySeconds / turns : memorySeconds / batch;
  return workingSeconds('jobs', scene) + waiting;
}

function workingSeconds(folder: 'processor' | 'events' | 'jobs', scene: Scene): number {
  const { seconds } = timeOf(folder, scene.deployed, scene.measured);
  return (
    seconds *
    invocationsATurn(folder, { ...scene, traffic: { ...scene.traffic, chatsPerBatch: 1 } })
  );
}

function sourceOf(folder: string, { polled }: Deployed) {
  const { maxConcurrency = 1, batchSize = 1 } = polled.find((each) => each.folder === folder) ?? {};
  return { maxConcurrency, batchSize };
}
