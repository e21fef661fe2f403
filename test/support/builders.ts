import { inboundKey, type StoredInbound } from '#domain/conversation/message.ts';
import type { Parking, ParkReason } from '#domain/conversation/parking.ts';
import { type Chat, parseContactId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import type { MemoryItem } from '#domain/memory/memory.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { DEFAULT_INTEGRATION } from '#domain/tenant/integration-settings.ts';
import { DEFAULT_MANNERS } from '#domain/tenant/manners-settings.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { type InboundMessage, readInboundMessage } from '#domain/whatsapp/inbound-message.ts';

/** Fails the test where a builder was given something impossible. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A test builder was given an invalid value');
  return value;
}

export const PHONE_NUMBER_ID = present(parsePhoneNumberId('100000000000001'));
export const TENANT_ID = present(parseTenantId('bakery'));

export function aChat(contact = '34600111222'): Chat {
  return { phoneNumberId: PHONE_NUMBER_ID, contact: present(parseContactId(contact)) };
}

let count = 0;

/** An element of Meta's `messages[]`; name only what matters. */
export function anElement(over: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  return {
    from: '34600111222',
    id: `wamid.TEST${count}`,
    timestamp: '1790400000',
    type: 'text',
    text: { body: `message ${count}` },
    ...over,
  };
}

export function aMessage(over: Record<string, unknown> = {}): InboundMessage {
  return present(readInboundMessage(PHONE_NUMBER_ID, anElement(over)));
}

export function aTextMessage(body: string, over: Record<string, unknown> = {}): InboundMessage {
  return aMessage({ text: { body }, ...over });
}

/** A webhook body around elements of `messages[]` and `statuses[]`. */
export function aWebhook(value: Record<string, unknown>): Record<string, unknown> {
  const metadata = { display_phone_number: '15550107788', phone_number_id: PHONE_NUMBER_ID };
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '700100200300401',
        changes: [
          { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } },
        ],
      },
    ],
  };
}

export function aTenant(over: Partial<Tenant> = {}): Tenant {
  return {
    id: TENANT_ID,
    name: 'The Bakery',
    status: 'active',
    instructions: 'You answer for a bakery.',
    model: undefined,
    fallbackText: 'We will get back to you.',
    burstWait: { kind: 'none' },
    app: undefined,
    ...DEFAULT_TERMS,
    ...DEFAULT_INTEGRATION,
    retentionDays: undefined,
    optOut: {},
    handOver: DEFAULT_HAND_OVER,
    hours: undefined,
    manners: DEFAULT_MANNERS,
    media: DEFAULT_MEDIA,
    memory: DEFAULT_MEMORY,
    ...over,
  };
}

/** A fact that is kept for as long as any test goes on. */
export function aMemoryItem(over: Partial<MemoryItem> = {}): MemoryItem {
  return {
    id: 'm1',
    formerIds: [],
    kind: 'fact',
    text: 'Likes rye',
    category: 'preference',
    confidence: 0.9,
    times: 1,
    level: 'long',
    source: '1790400000000#wamid.A',
    seenAtMs: 1_790_400_000_000,
    expiresAtMs: 4_000_000_000_000,
    ...over,
  };
}

export function aParking(reason: ParkReason = 'token', over: Partial<Parking> = {}): Parking {
  return {
    reason,
    class: reason === 'bug' ? 'bug' : 'fix-needed',
    peer: reason === 'token' ? 'graph' : 'concierge',
    code: reason === 'token' ? 'graph:190' : reason,
    attempts: 1,
    ...over,
  };
}

/** As it lies in its chat, accepted at this time. */
export function aStoredInbound(message: InboundMessage, acceptedAtMs: number): StoredInbound {
  return {
    direction: 'in',
    key: inboundKey(message),
    message,
    acceptedAtMs,
    waitingSinceMs: acceptedAtMs,
    position: 0,
    correlationId: 'request-1',
    progress: { kind: 'unfinished' },
  };
}
