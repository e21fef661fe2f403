import type { TimeLeft } from './chat-outcome.ts';
import type { Job } from './ports/jobs.ts';
import type { Log } from './ports/log.ts';

/** What an invocation knows of a job beside what it says. */
export interface JobWork {
  /** 1 when it is received for the first time. */
  readonly attempt: number;
  readonly time: TimeLeft;
  /** Names the job on every line. */
  readonly log: Log;
}

/** What becomes of a job; an exception is one of `later` whose delay is the queue's to choose. */
export type JobOutcome =
  | { readonly kind: 'done' }
  /** Comes back after the delay; after the queue's last receive it lies with the dead letters. */
  | { readonly kind: 'later'; readonly delayMs: number; readonly cause: string };

export const DONE: JobOutcome = { kind: 'done' };

/** Who does the jobs of a kind. Each is done at least once, in any order, perhaps twice at a time. */
export type JobHandlers = {
  readonly [Kind in Job['kind']]?: (
    job: Extract<Job, { readonly kind: Kind }>,
    work: JobWork,
  ) => Promise<JobOutcome>;
};

/** Raised for a job that this release does not do: it waits with the dead letters for one that does. */
class JobUnknownError extends Error {
  override readonly name = 'JobUnknownError';
}

/** Gives a job to whoever does its kind. */
export function runJob(job: Job, work: JobWork, handlers: JobHandlers): Promise<JobOutcome> {
  switch (job.kind) {
    case 'memory':
      return (handlers.memory ?? refuse)(job, work);
    case 'notice':
      return (handlers.notice ?? refuse)(job, work);
  }
}

async function refuse({ kind }: Job): Promise<never> {
  throw new JobUnknownError(
    `No handler does jobs of the kind ${kind}; deploy a release that has one`,
  );
}
