import type { Command } from '#domain/conversation/command.ts';
import { type Chat, type ContactId, type PhoneNumberId, parseContactId } from '#domain/ids.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#domain/json.ts';

/** What a customer sent: one element of Meta's `messages[]`, kept whole, with what every step needs read out. */
export interface InboundMessage {
  readonly wamid: string;
  readonly chat: Chat;
  /** Meta's type word, known or not; `unknown` where Meta gave none. */
  readonly type: string;
  /** Meta's timestamp (whole seconds) in milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** Business-scoped user id, where this event carried one. */
  readonly userId: ContactId | undefined;
  /** Phone number in digits, where this event carried one; absent for username users since 2026. */
  readonly waId: ContactId | undefined;
  /** The element as Meta sent it. */
  readonly raw: JsonObject;
  /** What somebody of the business wants of the chat; never of what Meta sends. */
  readonly command?: Command | undefined;
}

/** Meta's are ASCII; the lengths keep keys that hold one well within DynamoDB's 1,024 bytes. */
const WAMID = /^(?:[ -~]{1,512}|\P{C}{1,200})$/u;

/**
 * Reads one element of `messages[]`.
 * @returns undefined when it lacks what makes it a message of somebody: an id, a sender
 */
export function readInboundMessage(
  phoneNumberId: PhoneNumberId,
  element: unknown,
): InboundMessage | undefined {
  if (!isObject(element)) return undefined;
  const wamid = textAt(element, 'id');
  const userId = parseContactId(element['from_user_id']);
  const waId = parseContactId(element['from']);
  const contact = ownerOf(element) ?? userId ?? waId;
  if (!wamid || !WAMID.test(wamid) || !contact) return undefined;
  return {
    wamid,
    chat: { phoneNumberId, contact },
    type: textAt(element, 'type') ?? 'unknown',
    // Without a readable time it sorts first; it is answered all the same.
    sentAtMs: readTimestamp(element['timestamp']) ?? 0,
    userId,
    waId,
    raw: element,
  };
}

/**
 * Whose chat an element of `messages[]` belongs to where that is not its sender's. A group's messages are a
 * chat of the group; a `system` message about a new number or id belongs to the record under the old one.
 */
function ownerOf(element: JsonObject): ContactId | undefined {
  const group = parseContactId(element['group_id']);
  if (group) return group;
  const system = objectAt(element, 'system');
  return system && parseContactId(system['previous_user_id']);
}

/** Meta sends whole seconds, as text in messages and as a number elsewhere. */
export function readTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (!/^\d{1,11}$/.test(String(value))) return undefined;
  return Number(value) * 1000;
}
