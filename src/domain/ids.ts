declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A business that uses the concierge; chosen by the operator, never by a customer or a model. */
export type TenantId = Branded<'TenantId'>;
/** A Meta app that a business brought with it, as the operator calls it: the end of its callback URL. */
export type AppId = Branded<'AppId'>;
/** Meta's id of a business's WhatsApp number; the only thing that a tenant is derived from. */
export type PhoneNumberId = Branded<'PhoneNumberId'>;
/** A customer at one business number: business-scoped user id, else phone number, else group id. */
export type ContactId = Branded<'ContactId'>;
/** A turn of one chat: `<drafted at, ms>.<head version>`, so it is unique in its chat without chance. */
export type TurnId = Branded<'TurnId'>;

/** One conversation: a business number and a contact. */
export interface Chat {
  readonly phoneNumberId: PhoneNumberId;
  readonly contact: ContactId;
}

function isId<Id extends string>(text: string, pattern: RegExp): text is Id {
  return pattern.test(text);
}

function parseWith<Id extends string>(value: unknown, pattern: RegExp): Id | undefined {
  return typeof value === 'string' && isId<Id>(value, pattern) ? value : undefined;
}

/** Lower-case words with dashes, at most 64 characters; it becomes part of a secret's name. */
const OUR_NAMES = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

export function parseTenantId(value: unknown): TenantId | undefined {
  return parseWith<TenantId>(value, OUR_NAMES);
}

export function parseAppId(value: unknown): AppId | undefined {
  return parseWith<AppId>(value, OUR_NAMES);
}

export function parsePhoneNumberId(value: unknown): PhoneNumberId | undefined {
  return parseWith<PhoneNumberId>(value, /^\d{1,32}$/);
}

/** User ids look like `ES.9021…` (country, dot, up to 128 characters), phones are digits, groups base64. */
export function parseContactId(value: unknown): ContactId | undefined {
  return parseWith<ContactId>(value, /^[A-Za-z0-9][A-Za-z0-9._=+/-]{0,255}$/);
}

/**
 * A contact as people write it: a user id, a group id, or a phone number with or without its plus,
 * spaces, dashes and brackets.
 */
export function parseContactName(text: string): ContactId | undefined {
  const isPhone = /^\+?[\d\s().-]+$/.test(text);
  return parseContactId(isPhone ? text.replace(/\D/g, '') : text.trim());
}

export function parseTurnId(value: unknown): TurnId | undefined {
  return parseWith<TurnId>(value, /^\d{1,16}\.\d{1,16}$/);
}

/** One text per chat, for maps, group ids and hashes; `#` occurs in neither half. */
export function chatKey(chat: Chat): string {
  return `${chat.phoneNumberId}#${chat.contact}`;
}

export function parseChatKey(key: string): Chat | undefined {
  const [phone, contact, ...rest] = key.split('#');
  const phoneNumberId = parsePhoneNumberId(phone);
  const parsedContact = parseContactId(contact);
  if (!phoneNumberId || !parsedContact || rest.length > 0) return undefined;
  return { phoneNumberId, contact: parsedContact };
}
