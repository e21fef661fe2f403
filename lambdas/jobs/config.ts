import type { EnvOf } from '#runtime/env.ts';

/** What the jobs function needs from its stack. */
export const jobsVariables = [
  'JOBS_QUEUE_URL',
  'JOBS_DEAD_LETTER_QUEUE_URL',
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'PLATFORM_SECRET_ARN',
  /** As the processor has them. */
  'TENANT_VAULT',
  'TENANT_SECRET_PREFIX',
  'TENANT_SECRETS_KEY_ARN',
  'NOTICES_TOPIC_ARN',
] as const;

export type JobsEnv = EnvOf<typeof jobsVariables>;
