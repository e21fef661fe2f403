import {
  type Chat,
  type ContactId,
  chatKey,
  type PhoneNumberId,
  parseContactId,
  parsePhoneNumberId,
  parseTenantId,
  type TenantId,
} from '#domain/ids.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { DEFAULT_HAND_OVER, type HandOverSettings } from '#domain/tenant/handover-settings.ts';
import { DEFAULT_INTEGRATION } from '#domain/tenant/integration-settings.ts';
import { DEFAULT_MANNERS } from '#domain/tenant/manners-settings.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { DEFAULT_MEMORY } from '#domain/tenant/memory-settings.ts';
import type { OptOutSettings } from '#domain/tenant/opt-out.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { present } from '#test/support/builders.ts';
import type { BusinessIndex, Customer, PlannedMessage } from './plan/schedule.ts';

export interface Business {
  readonly index: BusinessIndex;
  readonly tenantId: TenantId;
  readonly phoneNumberId: PhoneNumberId;
  readonly accountId: string;
}

function business(index: BusinessIndex, name: string): Business {
  return {
    index,
    tenantId: present(parseTenantId(name)),
    phoneNumberId: present(parsePhoneNumberId(`10000000000000${index + 1}`)),
    accountId: `70010020030040${index + 1}`,
  };
}

export const BUSINESSES: readonly [Business, Business] = [
  business(0, 'bakery'),
  business(1, 'clinic'),
];

/** Stands in what a customer writes, and tells whose word it is. */
export function tokenOf({ id }: Pick<PlannedMessage, 'id'>, customer: Customer): string {
  return `«b${customer.business}c${customer.index}m${id}»`;
}

/** Stands in what a person of the business says, and tells to whom. */
export function tokenOfPerson({ index }: Customer, id: number): string {
  return `‹c${index}p${id}›`;
}

/** To which customers a person's words in this text were said. */
export function wordsOfPerson(text: string): readonly number[] {
  return [...text.matchAll(/‹c(\d+)p\d+›/g)].map(([, customer]) => Number(customer));
}

/** Stands in what our code fails on. */
export const POISON = '☠';

export interface Token {
  readonly business: number;
  readonly customer: number;
  readonly id: number;
}

export function tokensIn(text: string): readonly Token[] {
  return [...text.matchAll(/«b(\d+)c(\d+)m(\d+)»/g)].map(([, business, customer, id]) => ({
    business: Number(business),
    customer: Number(customer),
    id: Number(id),
  }));
}

/** Less than any call may cost. */
const NO_ROOM = { ...DEFAULT_TERMS.budget, perDay: microUsd(1) };

const MOST_CUSTOMERS = 3;
const MOST_MESSAGES = 64;

/** Whoever wants to hear nothing more says so with a token, as in everything that they write. */
const OPT_OUT = [0, 1].map((index) => ({
  optOutWords: wordsWith(`b${index}`, 'stop'),
  optInWords: wordsWith(`b${index}`, 'start'),
})) as [OptOutSettings, OptOutSettings];

/** As with opting out, who asks for a person does so with a token. */
const HAND_OVER = [0, 1].map((index) => ({
  ...DEFAULT_HAND_OVER,
  personWords: wordsWith(`b${index}`, 'human'),
  personText: personTextOf(index),
})) as [HandOverSettings, HandOverSettings];

export function personTextOf(index: number): string {
  return `Somebody of business ${index} is on the way.`;
}

function wordsWith(business: string, word: string): readonly string[] {
  return Array.from({ length: MOST_CUSTOMERS * MOST_MESSAGES }, (_, nth) => {
    const [customer, id] = [nth % MOST_CUSTOMERS, Math.floor(nth / MOST_CUSTOMERS)];
    return `«${business}c${customer}m${id}» ${word}`;
  });
}

export function tenantOf({ index, tenantId }: Business, hasRoom = true): Tenant {
  return {
    id: tenantId,
    name: tenantId,
    status: 'active',
    instructions: `You answer for business ${index}.`,
    model: undefined,
    fallbackText: fallbackOf(index),
    retentionDays: undefined,
    optOut: OPT_OUT[index],
    handOver: HAND_OVER[index],
    hours: undefined,
    manners: { ...DEFAULT_MANNERS, blockedText: fallbackOf(index) },
    media: DEFAULT_MEDIA,
    memory: DEFAULT_MEMORY,
    burstWait: index === 0 ? { kind: 'adaptive' } : { kind: 'none' },
    app: undefined,
    ...DEFAULT_TERMS,
    ...DEFAULT_INTEGRATION,
    limitText: limitTextOf(index),
    budget: hasRoom ? DEFAULT_TERMS.budget : NO_ROOM,
  };
}

export function fallbackOf(index: BusinessIndex): string {
  return `Business ${index} will come back to you.`;
}

export function limitTextOf(index: BusinessIndex): string {
  return `Business ${index} can say no more today.`;
}

const NARROW = { ...DEFAULT_TERMS.limits.contact, messagesPerMinute: 3 };

export function narrowTenantOf(business: Business): Tenant {
  const tenant = tenantOf(business);
  return { ...tenant, limits: { ...tenant.limits, contact: NARROW } };
}

/** Whose chat is whose. */
export class People {
  readonly #customers: readonly Customer[];
  readonly #byChat = new Map<string, Customer>();

  constructor(customers: readonly Customer[]) {
    this.#customers = customers;
    for (const customer of customers) {
      for (const chat of chatsOf(customer)) this.#byChat.set(chatKey(chat), customer);
    }
  }

  ofChat(chat: Chat): Customer | undefined {
    return this.#byChat.get(chatKey(chat));
  }

  customer(index: number): Customer {
    return present(this.#customers[index]);
  }
}

export function contactsOf({ phones, userId }: Customer): readonly ContactId[] {
  return [...phones, userId].map((id) => present(parseContactId(id)));
}

export function chatsOf(customer: Customer): readonly Chat[] {
  const { phoneNumberId } = BUSINESSES[customer.business];
  return contactsOf(customer).map((contact) => ({ phoneNumberId, contact }));
}
