import type { EnvOf } from '#runtime/env.ts';

/** What the jobs function needs from its stack. */
export const jobsVariables = ['JOBS_QUEUE_URL'] as const;

export type JobsEnv = EnvOf<typeof jobsVariables>;
