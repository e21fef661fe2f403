import type { JsonObject } from '#domain/json.ts';
import { START_MS } from '#test/simulation/settings.ts';
import { CONTACTS, MOVED_TO, type Side } from './sides.ts';
import { type Message, type Step, wordsOf } from './steps.ts';

interface Ids {
  readonly from?: string;
  readonly from_user_id?: string;
}

type Said = Pick<Message, 'contact' | 'wamid' | 'second' | 'words'>;

/** A webhook's entry with what a customer of one tenant writes. */
export function messageEntry(
  own: Side,
  other: Side,
  { contact, wamid, second, words }: Said,
): JsonObject {
  const text = wordsOf(words, own, other);
  const said = {
    text: { text: { body: text } },
    image: { image: { caption: text, id: '1' } },
    button: { button: { text, payload: text } },
  }[words.form];
  const message = { ...element(contact, wamid, second), type: words.form, ...said };
  const contacts = [{ profile: { name: `${own.canary}\u0000\u0007"}` } }];
  return entryOf(own, { messages: [message], contacts });
}

/** As Meta never writes it: the number is none of anybody's. */
export function oddEntry(side: Side, number: unknown): JsonObject {
  return entryOf(side, { messages: [element(0, 0, 0)] }, number);
}

/** A notice that a contact has another id now. */
export function noticeEntry(
  side: Side,
  { contact, to, second }: Extract<Step, { kind: 'move' }>,
): JsonObject {
  const id = MOVED_TO[to] ?? '';
  const userId = id.startsWith('ES') ? { user_id: id } : {};
  const system = { type: 'user_changed_number', wa_id: id, ...userId };
  const wamid = { id: `wamid.move-${to}` };
  const message = { ...element(contact, 9, second), ...wamid, type: 'system', system };
  return entryOf(side, { messages: [message] });
}

/** A status that names whatever bubble it likes. */
export function statusEntry(
  side: Side,
  { word, code }: Extract<Step, { kind: 'report' }>,
  { wamid, reference }: { readonly wamid: string; readonly reference: string },
): JsonObject {
  const status = {
    id: wamid,
    status: word,
    timestamp: String(START_MS / 1000 + 1),
    pricing: { category: side.canary },
    biz_opaque_callback_data: reference,
    ...(word === 'failed' && { errors: [{ code, message: side.canary }] }),
  };
  return entryOf(side, { statuses: [status] });
}

/** What somebody typed on the phone of a tenant. */
export function echoEntry(side: Side, contact: number): JsonObject {
  const { from: to, from_user_id }: Ids = CONTACTS[contact] ?? {};
  const echo = {
    from: side.phoneNumberId,
    to,
    to_user_id: from_user_id,
    id: `wamid.echo-${contact}`,
    timestamp: String(START_MS / 1000 + 2),
    type: 'text',
    text: { body: `${side.canary} typed on the phone` },
  };
  const metadata = { phone_number_id: side.phoneNumberId };
  const value = { metadata, message_echoes: [echo] };
  return { id: side.accountId, changes: [{ field: 'smb_message_echoes', value }] };
}

/** Something else that happens to a tenant's account; an odd one stands under a field of its own words. */
export function accountEntry({ canary, accountId }: Side, isOdd: boolean): JsonObject {
  const value = { event: 'PARTNER_REMOVED', words: canary };
  const field = isOdd ? `${canary} of nobody` : 'account_update';
  return { id: accountId, changes: [{ field, value }] };
}

function entryOf({ phoneNumberId, accountId }: Side, value: JsonObject, number?: unknown) {
  const metadata = { phone_number_id: number === undefined ? phoneNumberId : number };
  return { id: accountId, changes: [{ field: 'messages', value: { metadata, ...value } }] };
}

function element(contact: number, wamid: number, second: number): JsonObject {
  return {
    ...CONTACTS[contact],
    id: `wamid.${wamid}`,
    timestamp: String(START_MS / 1000 + second),
    type: 'text',
    text: { body: 'kanari' },
  };
}
