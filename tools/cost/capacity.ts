import { timeOf } from './function-time.ts';
import { invocationsATurn, type Scene } from './usage.ts';

const DAY_SECONDS = 86_400;

/** The part that is full first, and how many conversations a day that is. */
export interface Limit {
  readonly part: string;
  readonly conversationsADay: number;
}

/**
 * What the stage's configuration holds, by how many turns a second each part does and the peak of a day. A
 * first look, not a model: no queue that fills and drains, no partition, no quota of a peer.
 */
export function limitsOf(scene: Scene): readonly Limit[] {
  const { traffic, deployed } = scene;
  const a = (part: string, turnsASecond: number): Limit => ({
    part,
    conversationsADay: (turnsASecond * DAY_SECONDS) / traffic.turns / traffic.peak,
  });
  const { requestsPerSecond, functions } = deployed;
  const reserved = functions.get('processor')?.reservedConcurrency ?? Number.POSITIVE_INFINITY;
  const webhooks = invocationsATurn('ingest', scene);
  return [
    a('API', requestsPerSecond / webhooks),
    a('processor', reserved / processorSeconds(scene)),
    a('events', concurrencyOf('events', scene) / eventsSeconds(scene)),
    a('jobs', concurrencyOf('jobs', scene) / jobsSeconds(scene)),
  ].sort((one, other) => one.conversationsADay - other.conversationsADay);
}

/** Processors at work in the busiest minute. */
export function processorsNeeded(scene: Scene): number {
  const { conversationsADay, turns, peak } = scene.traffic;
  return Math.ceil(((conversationsADay * turns * peak) / DAY_SECONDS) * processorSeconds(scene));
}

/** That one processor is busy for a turn. */
function processorSeconds(scene: Scene): number {
  const { modelSeconds, graphSeconds, chatsPerBatch } = scene.traffic;
  const { seconds } = timeOf('processor', scene.deployed, scene.measured);
  const working = seconds * invocationsATurn('processor', scene);
  return working + (modelSeconds + graphSeconds) / chatsPerBatch;
}

function eventsSeconds(scene: Scene): number {
  return (
    timeOf('events', scene.deployed, scene.measured).seconds * invocationsATurn('events', scene)
  );
}

function jobsSeconds(scene: Scene): number {
  const { seconds } = timeOf('jobs', scene.deployed, scene.measured);
  const working = seconds * invocationsATurn('jobs', scene);
  return working + scene.traffic.memorySeconds / scene.traffic.turns;
}

function concurrencyOf(folder: string, { deployed }: Scene): number {
  return deployed.polled.find((each) => each.folder === folder)?.maxConcurrency ?? 1;
}
