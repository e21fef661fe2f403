import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job, JobsQueue } from '#app/ports/jobs.ts';
import { aChat } from '#test/support/builders.ts';

export interface JobsQueueStage {
  readonly queue: JobsQueue;
  /** Takes what can be received now, in whatever order. */
  takeReceived(): Promise<readonly Job[]>;
  pass(ms: number): void;
  /** From now on the queue does not take the jobs of this request. */
  refuse(correlationId: string): void;
  close(): Promise<void>;
}

let requests = 0;

function aJob(): Job {
  requests += 1;
  const correlationId = `request-${requests}`;
  return { kind: 'memory', chat: aChat(), headVersion: requests, correlationId };
}

/** What the queue of jobs promises, whatever it is made of. */
export function describeJobsQueue(name: string, makeStage: () => Promise<JobsQueueStage>): void {
  describe(name, () => {
    let stage: JobsQueueStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('brings each job as it was sent, and none sooner than it is to come', async () => {
      const [now, later] = [aJob(), aJob()];
      expect(await stage.queue.send([now])).toBe(0);
      expect(await stage.queue.send([later], 90)).toBe(0);
      expect(await stage.takeReceived()).toEqual([now]);
      stage.pass(89_000);
      expect(await stage.takeReceived()).toEqual([]);
      stage.pass(2_000);
      expect(await stage.takeReceived()).toEqual([later]);
    });

    it('counts exactly what was not taken, and takes the rest', async () => {
      const jobs = Array.from({ length: 12 }, aJob);
      const [refused] = jobs;
      if (refused?.kind === 'memory') stage.refuse(refused.correlationId);
      expect(await stage.queue.send(jobs)).toBe(1);
      expect(await stage.takeReceived()).toHaveLength(11);
      expect(await stage.queue.send([])).toBe(0);
    });
  });
}
