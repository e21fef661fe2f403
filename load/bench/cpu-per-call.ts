import { median } from './statistics.ts';

/** How much CPU a block has: enough to hide the grain of the clock, and a collection of garbage. */
const BLOCK_US = 100_000;
const WARM_UP_US = 250_000;
const BLOCKS = 3;

/**
 * CPU of this process for a call, in microseconds, all its threads together: warmed up, then the median of
 * a few blocks. What gives a promise is waited for.
 */
export async function cpuPerCall(call: () => unknown): Promise<number> {
  await block(call, WARM_UP_US);
  const blocks: number[] = [];
  for (let nth = 0; nth < BLOCKS; nth += 1) blocks.push(await block(call, BLOCK_US));
  return median(blocks);
}

async function block(call: () => unknown, leastUs: number): Promise<number> {
  const begun = process.cpuUsage();
  let calls = 0;
  let goneUs = 0;
  // The clock is read seldom, since reading it costs as much as a small call.
  for (let round = 1; goneUs < leastUs; round = Math.min(round * 2, 256)) {
    for (let nth = 0; nth < round; nth += 1) {
      const result = call();
      if (result instanceof Promise) await result;
    }
    calls += round;
    const { user, system } = process.cpuUsage(begun);
    goneUs = user + system;
  }
  return goneUs / calls;
}
