import type { EnvOf } from '#runtime/env.ts';

/** What the events function needs from its stack. */
export const eventsVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'EVENTS_QUEUE_URL',
  /** As the processor has them. */
  'TENANT_TURNS_PER_MINUTE',
  'PLATFORM_BUDGET_PER_DAY',
  'PLATFORM_BUDGET_PER_MONTH',
  'PLATFORM_BUDGET_WARN_AT',
] as const;

export type EventsEnv = EnvOf<typeof eventsVariables>;
