import type { TenantVault } from '#domain/secret/tenant-vault.ts';
import { type EnvOf, isoTime, readOptionalEnv } from '#runtime/env.ts';

/** What the processor function needs from its stack. */
export const processorVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'CHAT_DEAD_LETTER_QUEUE_URL',
  /** Rings whose receive count reached this number are parked instead of tried again. */
  'CHAT_MAX_RECEIVE_COUNT',
  'JOBS_QUEUE_URL',
  'PLATFORM_SECRET_ARN',
  /** Which vault keeps the tenants' secrets: `secrets-manager` or `tenants-table`. */
  'TENANT_VAULT',
  /** In Secrets Manager a tenant's secret is this prefix and the tenant id. */
  'TENANT_SECRET_PREFIX',
  /** Opens the tenants' secrets in the tenants table. */
  'TENANT_SECRETS_KEY_ARN',
  /** For example `v26.0`. */
  'GRAPH_API_VERSION',
  'DEFAULT_MODEL',
  /** For tenants that chose none. */
  'TRANSCRIPTION_MODEL',
  'MEDIA_BUCKET',
  /** For how many days the bucket can be told to keep an object, ascending: `30,60,90`. */
  'MEDIA_KEEP_DAYS',
  /** After this many seconds of waiting the customer gets the fallback text. */
  'ANSWER_DEADLINE_SECONDS',
  /** For tenants that have no such limit of their own; `none` = no limit. */
  'TENANT_TURNS_PER_MINUTE',
  /** Of all tenants together, in micro-dollars; `none` = no limit. */
  'PLATFORM_BUDGET_PER_DAY',
  'PLATFORM_BUDGET_PER_MONTH',
  /** Shares of it, such as `0.5,0.8`; `none` = never. */
  'PLATFORM_BUDGET_WARN_AT',
] as const;

export type ProcessorEnv = EnvOf<typeof processorVariables> & {
  readonly TENANT_VAULT: TenantVault;
  /**
   * When restored tables began to serve, in ISO 8601. What is older and unfinished was perhaps answered in the
   * time that they know nothing of, and goes to a person: docs/recovery.md.
   * @default no table was restored
   */
  readonly RESTORED_UNTIL?: string;
};

/**
 * In milliseconds, as the application takes it; undefined where no table was restored.
 * @throws MissingEnvironmentError for what is no time: it would be taken for none
 */
export function readRestoredUntilMs(value = readOptionalEnv('RESTORED_UNTIL')): number | undefined {
  return value === undefined ? undefined : isoTime('RESTORED_UNTIL', value);
}
