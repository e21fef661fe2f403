import type { EnvOf } from '#runtime/env.ts';

/** What the events function needs from its stack. */
export const eventsVariables = [
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'EVENTS_QUEUE_URL',
] as const;

export type EventsEnv = EnvOf<typeof eventsVariables>;
