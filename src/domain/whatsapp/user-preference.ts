import type { Choice } from '#domain/conversation/choice.ts';
import { type ContactId, parseContactId } from '#domain/ids.ts';
import { isObject, listAt } from '#domain/json.ts';
import { readTimestamp } from './inbound-message.ts';

/** What a contact told Meta of a business's marketing messages (webhook field `user_preferences`). */
export interface UserPreference {
  readonly contact: ContactId;
  readonly choice: Choice;
}

const KINDS: ReadonlyMap<unknown, Choice['kind']> = new Map([
  ['stop', 'stopped'],
  ['resume', 'resumed'],
]);

/** @returns undefined where any of it cannot be read, or speaks of something else than marketing */
export function readUserPreferences(payload: unknown): readonly UserPreference[] | undefined {
  const elements = isObject(payload) ? listAt(payload, 'user_preferences') : [];
  const read = elements.map(readOne);
  const known = read.filter((each) => each !== undefined);
  return known.length > 0 && known.length === read.length ? known : undefined;
}

function readOne(element: unknown): UserPreference | undefined {
  if (!isObject(element) || element['category'] !== 'marketing_messages') return undefined;
  const contact = parseContactId(element['user_id']) ?? parseContactId(element['wa_id']);
  const kind = KINDS.get(element['value']);
  const atMs = readTimestamp(element['timestamp']);
  return contact && kind && atMs !== undefined ? { contact, choice: { kind, atMs } } : undefined;
}
