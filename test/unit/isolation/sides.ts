import type { PhoneNumberId } from '#domain/ids.ts';
import { chatKey, parseContactId, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { webhookSecretOf } from '#domain/notice/webhook-secret.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { aTenant, present } from '#test/support/builders.ts';

export type SideIndex = 0 | 1;

/** One of the two tenants, with all that is its alone. */
export interface Side {
  readonly index: SideIndex;
  readonly tenant: Tenant;
  readonly phoneNumberId: PhoneNumberId;
  readonly accountId: string;
  /** Stands in each of its texts and in none of the other's: whoever sees it saw this tenant's words. */
  readonly canary: string;
  /** What its phone is sent with, the current one last. */
  readonly tokens: readonly string[];
}

export type Sides = readonly [Side, Side];

/** Tenant ids that are prefixes of each other, or words of JavaScript's objects. */
export const ID_PAIRS = [
  ['shop', 'shop-1'],
  ['10', '1'],
  ['constructor', 'to-string'],
  ['x'.repeat(63), 'x'.repeat(64)],
] as const;

export const NUMBER_PAIRS = [
  ['100000000000001', '1000000000000010'],
  ['10', '1'],
  ['0', '00'],
  ['9'.repeat(31), '9'.repeat(32)],
] as const;

const CANARIES = ['kanari-one', 'kanari-two'] as const;

/** What no log line may hold, whoever's it is: ids of contacts, words, wamids, tokens, names. */
export const NEVER_LOGGED = /34600111000111|kontakt|kanari|wamid\.|EAAG|app-secret|sk-two-tenants/;

/** As one element of `messages[]` names its sender. The same people write to both tenants. */
export const CONTACTS = [
  { from: '34600111000111' },
  { from: '34600111000111', from_user_id: 'ES.kontakt0001' },
  { from_user_id: 'ES.kontakt0001' },
  { from: '346001110001112' },
  { from: 'MSG-kontakt/HEAD+CHAT=' },
  // Not what Meta calls anybody: they would take a key apart.
  { from: 'kontakt#34600111000111' },
  { from: 'kontakt%23HEAD' },
] as const;

/** Where system notices move a contact to. */
export const MOVED_TO = ['346001110001112', 'ES.kontakt0002', 'MSG-kontakt/HEAD+CHAT='] as const;

export function sidesOf(ids: readonly string[], numbers: readonly string[]): Sides {
  const side = (index: SideIndex): Side => {
    const canary = CANARIES[index];
    return {
      index,
      tenant: aTenant({
        id: present(parseTenantId(ids[index])),
        name: `${canary} \u0000\u001b[2J "}`,
        instructions: `You answer for ${canary}.`,
        model: `model-${index}`,
        fallbackText: `${canary} will get back to you.`,
        api: { callers: [callerOf(index)] },
        notices: { webhook: { url: `https://${index}.example.com/`, events: NOTICE_KINDS } },
        handOver: { ...DEFAULT_HAND_OVER, personText: `${canary} sends somebody.` },
      }),
      phoneNumberId: present(parsePhoneNumberId(numbers[index])),
      accountId: `70010020030040${index}`,
      canary,
      tokens: [`EAAG-${index}-0`],
    };
  };
  return [side(0), side(1)];
}

export function noticesSecretOf({ index }: Pick<Side, 'index'>): string {
  return webhookSecretOf(Buffer.alloc(32, index + 1).toString('base64'));
}

/** The program that calls the business API for it. */
export function callerOf(index: SideIndex): string {
  return `arn:aws:iam::111122223333:user/${index === 0 ? 'shop' : 'shop-1'}`;
}

/** Every key that one of this tenant's chats can have. */
export function chatKeysOf({ phoneNumberId }: Side): readonly string[] {
  const ids = [...CONTACTS.flatMap((each) => Object.values(each)), ...MOVED_TO];
  return ids
    .map((id) => parseContactId(id))
    .filter((contact) => contact !== undefined)
    .map((contact) => chatKey({ phoneNumberId, contact }));
}
