import { pseudonymOfContact } from '#adapters/system/pseudonyms.ts';
import type { ExportedContact } from '#app/export-chat.ts';
import type { AskedContact } from '#app/find-contact.ts';
import { findWaiting, type Waiting } from '#app/find-waiting.ts';
import {
  type Chat,
  type ContactId,
  type PhoneNumberId,
  parseContactName,
  parsePhoneNumberId,
  type TenantId,
} from '#domain/ids.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { inWords, readTarget, type Target, type TargetOptions } from '#operator/target.ts';

/** @throws UsageError; it repeats no part of what may be a phone number */
export function readContact(text: string): ContactId {
  const contact = parseContactName(text);
  if (contact) return contact;
  throw new UsageError(
    'A contact is a user id such as ES.90210456612300774512, or a phone number with its country code, such as +34 600 111 222.',
  );
}

/** What a command looks for, and what it cannot find. */
export interface Asked extends ExportedContact {
  /** Numbers whose account is not known, or is another's now: no kept event of them is found. */
  readonly blind: readonly PhoneNumberId[];
  readonly waiting: readonly Chat[];
  /** Where else something of the contact may wait, in a sentence each. */
  readonly doubts: readonly string[];
}

export interface ContactOptions {
  readonly tenant: string;
  readonly number?: string;
}

/** Whom a command is about. */
export interface ContactWish {
  readonly target: Target;
  readonly tenant: TenantId;
  readonly contact: ContactId;
  /** The only number to look at; undefined: the tenant's. */
  readonly number: PhoneNumberId | undefined;
  /** Pseudonym of the contact. */
  readonly subject: string;
}

/** @throws UsageError */
export function readWish(name: string, options: ContactOptions & TargetOptions): ContactWish {
  const target = readTarget(options);
  const tenant = readTenantId(options.tenant);
  const contact = readContact(name);
  const number = readNumberId(options);
  return { target, tenant, contact, number, subject: pseudonymOfContact(tenant, contact) };
}

/** @throws UsageError */
export function readNumberId({
  number,
}: Pick<ContactOptions, 'number'>): PhoneNumberId | undefined {
  if (number === undefined) return undefined;
  const id = parsePhoneNumberId(number);
  if (id) return id;
  throw new UsageError('--number takes a phone number id, which is digits only.');
}

/**
 * Where to look for a contact of a tenant: at its numbers, or at the one that is named, also where that
 * is the tenant's no more. @throws OperatorError where there is no such tenant, and no number named
 */
export async function askFor(
  { tenant, contact, number, target }: ContactWish,
  application: Application,
): Promise<Asked> {
  const { register } = application;
  const found =
    number === undefined ? await findTenant(tenant, register, target) : await register.find(tenant);
  const known = found?.numbers ?? [];
  const numbers = number === undefined ? known.map((each) => each.phoneNumberId) : [number];
  const owners = await Promise.all(numbers.map((each) => register.ownerOf(each)));
  const own = new Set(numbers.filter((_, index) => owners[index] === tenant));
  const accountOf = new Map(
    known.flatMap(({ phoneNumberId, accountId }) =>
      own.has(phoneNumberId) && accountId !== undefined ? [[phoneNumberId, accountId]] : [],
    ),
  );
  const blind = numbers.filter((each) => !accountOf.has(each));
  const accounts = known.flatMap(({ phoneNumberId }) => accountOf.get(phoneNumberId) ?? []);
  const { chats: waiting, ...rest } = await findWaiting(contact, numbers, application);
  return { tenant, contact, numbers, own, accounts, blind, waiting, doubts: doubtsOf(rest) };
}

function doubtsOf({ apart, isAll }: Omit<Waiting, 'chats'>): readonly string[] {
  const doubts: string[] = [];
  if (apart.length > 0) {
    doubts.push(
      `What waits under ${apart.join(' ')} names this contact too, whose chat leads to somebody else: it was left out. Ask for that id as well.`,
    );
  }
  if (!isAll) {
    doubts.push(
      'More messages are unfinished than were looked through for the contact: run the same again once they are answered.',
    );
  }
  return doubts;
}

/** Says where else to look. */
export function nothingStored({ tenant, numbers }: AskedContact, target: Target): OperatorError {
  const where = numbers.length === 0 ? 'it has no number' : `numbers: ${numbers.join(' ')}`;
  return new OperatorError(
    `Nothing is stored of that contact at ${tenant} (${where}): see npx concierge chat list --tenant ${tenant} ${inWords(target)}. A number that is no more its own is looked at with --number.`,
  );
}
