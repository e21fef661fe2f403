import { Worker } from 'node:worker_threads';
import { runShare, type Share, type ShareResult } from './run-many.ts';
import { addTotals, noTotals } from './totals.ts';

/** Runs a simulation on so many threads; the result does not depend on how many. */
export async function runOnWorkers(
  seed: number,
  schedules: number,
  workers: number,
): Promise<ShareResult> {
  const of = Math.max(1, Math.min(workers, schedules));
  const shares = Array.from({ length: of }, (_, worker) => ({ seed, schedules, worker, of }));
  const results = await Promise.all(of === 1 ? shares.map(runShare) : shares.map(runInThread));
  const totals = noTotals();
  for (const result of results) addTotals(totals, result.totals);
  const failed = results.flatMap((result) => result.failed);
  return { totals, failed: failed.toSorted((one, other) => one - other) };
}

function runInThread(share: Share): Promise<ShareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
