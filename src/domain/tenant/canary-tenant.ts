import {
  type PhoneNumberId,
  parsePhoneNumberId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { DEFAULT_HAND_OVER } from './handover-settings.ts';
import { DEFAULT_INTEGRATION } from './integration-settings.ts';
import { DEFAULT_MANNERS, OUTPUT_TOKENS } from './manners-settings.ts';
import { DEFAULT_MEDIA } from './media-settings.ts';
import { DEFAULT_MEMORY } from './memory-settings.ts';
import { LEAST_RETENTION_DAYS } from './retention.ts';
import type { Tenant } from './tenant.ts';
import { DEFAULT_TERMS } from './terms.ts';

/**
 * The tenant whose only customer is our own check (docs/canary.md). It is in no table and no file, so nobody
 * can make, change or remove it, and no tenant's settings can turn it into one whose replies go to nobody.
 */
export const CANARY_TENANT_ID: TenantId = known(parseTenantId('concierge-canary'));

/** Meta's ids begin with no zero. */
export const CANARY_NUMBER: PhoneNumberId = known(parsePhoneNumberId('000000000000000'));

export const CANARY_TENANT: Tenant = {
  id: CANARY_TENANT_ID,
  name: 'The check of this service',
  status: 'active',
  instructions: 'A program asks whether this service works, and reads no answer. Answer only: ok',
  model: undefined,
  fallbackText: 'No answer can be had.',
  burstWait: { kind: 'none' },
  app: undefined,
  ...DEFAULT_TERMS,
  ...DEFAULT_INTEGRATION,
  retentionDays: LEAST_RETENTION_DAYS,
  optOut: {},
  handOver: { ...DEFAULT_HAND_OVER, lowConfidence: 'off', afterFailures: 0 },
  hours: undefined,
  manners: {
    ...DEFAULT_MANNERS,
    purpose: 'Answering a program that asks whether this service works.',
    maxOutputTokens: OUTPUT_TOKENS.least,
  },
  media: { ...DEFAULT_MEDIA, images: false, audio: false, documents: false },
  memory: { ...DEFAULT_MEMORY, summary: false, profile: false, facts: false, permanent: false },
};

/** Whether a tenant id, or a phone number id, is the canary's and nobody else's. */
export function isOfCanary(id: string): boolean {
  return id === CANARY_TENANT_ID || id === CANARY_NUMBER;
}

function known<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new TypeError('The canary has an id that is none');
  return id;
}
