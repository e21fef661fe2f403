import type { EnvOf } from '#runtime/env.ts';

/** What the sweeper function needs from its stack. */
export const sweeperVariables = [
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  /** A message that is accepted and unfinished for longer is rung again. */
  'RING_AFTER_SECONDS',
] as const;

export type SweeperEnv = EnvOf<typeof sweeperVariables>;
