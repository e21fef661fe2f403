import type { TenantVault } from '#domain/secret/tenant-vault.ts';
import type { EnvOf } from '#runtime/env.ts';

/** What the processor function needs from its stack. */
export const processorVariables = [
  'TENANTS_TABLE',
  'CONVERSATIONS_TABLE',
  'CHAT_QUEUE_URL',
  'CHAT_DEAD_LETTER_QUEUE_URL',
  /** Rings whose receive count reached this number are parked instead of tried again. */
  'CHAT_MAX_RECEIVE_COUNT',
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
  /** After this many seconds of waiting the customer gets the fallback text. */
  'ANSWER_DEADLINE_SECONDS',
] as const;

export type ProcessorEnv = EnvOf<typeof processorVariables> & {
  readonly TENANT_VAULT: TenantVault;
};
