import type { EnvOf } from '#runtime/env.ts';

/** What the health function needs from its stack. */
export const healthVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'EVENTS_QUEUE_URL',
  'JOBS_QUEUE_URL',
  'PLATFORM_SECRET_ARN',
] as const;

export type HealthEnv = EnvOf<typeof healthVariables>;
