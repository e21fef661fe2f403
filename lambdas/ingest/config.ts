import type { EnvOf } from '#runtime/env.ts';

/** What the ingest function needs from its stack. */
export const ingestVariables = [
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'EVENTS_QUEUE_URL',
  'PLATFORM_SECRET_ARN',
  'TENANTS_TABLE',
  'APP_SECRET_PREFIX',
] as const;

export type IngestEnv = EnvOf<typeof ingestVariables>;
