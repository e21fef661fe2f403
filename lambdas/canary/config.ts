import type { EnvOf } from '#runtime/env.ts';

/** What the canary function needs from its stack. */
export const canaryVariables = [
  'CONVERSATIONS_TABLE',
  'PLATFORM_SECRET_ARN',
  /** Where Meta sends webhooks to. */
  'WEBHOOK_URL',
  /** What it shows where that is behind mutual TLS; `none` = it is not. */
  'CLIENT_CERTIFICATE_SECRET_ARN',
] as const;

export type CanaryEnv = EnvOf<typeof canaryVariables>;
