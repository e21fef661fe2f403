import { timeOf } from './function-time.ts';
import { invocationsATurn, type Scene } from './usage.ts';

const DAY_SECONDS = 86_400;

/** Messages a second in the busiest minute of a day. */
export function peakOf({ conversationsADay, turns, peak }: Scene['traffic']): number {
  return (conversationsADay * turns * peak) / DAY_SECONDS;
}

/**
 * Processors at work in the busiest minute, by how many come and how long each is busy. Where chats share a
 * batch fewer will do, at the price of a wait: `npm run capacity` says how many.
 */
export function processorsAlone(scene: Scene): number {
  const { modelSeconds, graphSeconds, chatsPerBatch } = scene.traffic;
  const alone = { ...scene, traffic: { ...scene.traffic, chatsPerBatch: 1 } };
  const { cpuSeconds, seconds } = timeOf('processor', scene.deployed, scene.measured);
  const invocations = invocationsATurn('processor', alone);
  const shared = invocations * (seconds - cpuSeconds) + modelSeconds + graphSeconds;
  return Math.ceil(peakOf(scene.traffic) * (invocations * cpuSeconds + shared / chatsPerBatch));
}
