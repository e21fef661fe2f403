import type { EnvOf } from '#runtime/env.ts';

/** What the jobs function needs from its stack. */
export const jobsVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'JOBS_QUEUE_URL',
  'JOBS_DEAD_LETTER_QUEUE_URL',
  'PLATFORM_SECRET_ARN',
  /** Reads conversations for what is to be remembered. */
  'DEFAULT_MODEL',
  'NOTICES_TOPIC_ARN',
  /** As the processor has them. */
  'TENANT_VAULT',
  'TENANT_SECRET_PREFIX',
  'TENANT_SECRETS_KEY_ARN',
  'TENANT_TURNS_PER_MINUTE',
  'PLATFORM_BUDGET_PER_DAY',
  'PLATFORM_BUDGET_PER_MONTH',
  'PLATFORM_BUDGET_WARN_AT',
] as const;

export type JobsEnv = EnvOf<typeof jobsVariables>;
