import { takeAll } from './bucket.ts';
import { Line } from './chat-queue.ts';
import { Environment, sideBySide } from './environment.ts';
import type { LambdaPool } from './lambda-pool.ts';
import { Poller } from './poller.ts';
import type { Work } from './work.ts';
import type { World } from './world.ts';

/** A standard queue and its function: what no customer waits for. */
export interface Background {
  readonly queue: Line<number>;
  readonly poller: Poller<number>;
  add(): void;
}

export function statusesOf(world: World, pool: LambdaPool): Background {
  const { timeline, work, book } = world;
  return background(world, pool, 'events', (environment, ended) =>
    doWork(environment, work.status, 0, { timeline }, () => {
      book.count('statuses');
      ended();
    }),
  );
}

/** Of a conversation's jobs one finds that it is over, and asks the model what to remember. */
export function memoriesOf(world: World, pool: LambdaPool): Background {
  const { timeline, work, peers, limits, chance, book } = world;
  const jobs: Background = background(world, pool, 'jobs', (environment, ended) => {
    const asks = chance.next('memory') < work.memoryShare;
    const mayAsk = () =>
      takeAll(
        [
          [limits.modelRequests, 1],
          [limits.modelTokens, peers.memoryTokens],
        ],
        timeline.now,
      );
    if (asks && (world.switches.isModelDown || !mayAsk())) {
      timeline.after(JOB_AGAIN_SECONDS, () => jobs.add());
      return doWork(environment, work.job, 0, { timeline }, ended);
    }
    const waits = asks ? chance.skewed('memory-model', peers.memorySeconds, peers.modelSpread) : 0;
    doWork(environment, work.job, waits, { timeline }, () => {
      book.count('jobs');
      ended();
    });
  });
  return jobs;
}

const JOB_AGAIN_SECONDS = 60;

function background(
  { timeline, deployment }: World,
  pool: LambdaPool,
  name: 'events' | 'jobs',
  work: (environment: Environment, ended: () => void) => void,
): Background {
  const queue = new Line<number>();
  const poller = new Poller<number>({
    timeline,
    pool,
    ...deployment[name],
    ramp: { from: deployment.pollersAtFirst, perSecond: deployment.pollersASecond },
    waiting: () => queue.length,
    receive: (most) =>
      Array.from({ length: Math.min(most, queue.length) }, () => queue.shift() ?? timeline.now),
    work: (batch, end) => {
      const environment = new Environment(timeline);
      sideBySide(batch, (_, ended) => work(environment, ended), end);
    },
  });
  const add = () => {
    queue.push(timeline.now);
    poller.poke();
  };
  return { queue, poller, add };
}

function doWork(
  environment: Environment,
  { cpuSeconds, callSeconds }: Work,
  waits: number,
  { timeline }: Pick<World, 'timeline'>,
  then: () => void,
): void {
  environment.compute(cpuSeconds, () => timeline.after(callSeconds + waits, then));
}
