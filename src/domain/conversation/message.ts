import type { TurnId } from '#domain/ids.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import type { Author } from './head.ts';
import type { Parking } from './parking.ts';

/** Key of a message within its chat; sorts by time. */
export type MessageKey = string;

/** What became of an accepted message. Only `unfinished` ones are in the sparse index. */
export type Progress =
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'finished'; readonly outcome: Outcome; readonly turnId: TurnId | undefined }
  | { readonly kind: 'parked'; readonly parking: Parking };

/**
 * - `answered`: a reply was accepted by WhatsApp
 * - `apologised`: the fallback text was sent and the chat is flagged for a person
 * - `undeliverable`: WhatsApp refused the reply for good; the turn has the code
 * - `handed-over`: a person answers this chat
 * - `limited`: a limit or a budget had no room for an answer; a person looks at this chat
 * - `opted-out`: the contact wants no answer
 * - `recorded`: nothing to answer (a reaction, a system notice, a type nobody knows yet)
 * - `moved`: now in the chat of the contact's new id
 * - `maybe-answered`: tables were restored, and it was perhaps answered in the lost time; a person looks
 */
export type Outcome =
  | 'answered'
  | 'apologised'
  | 'undeliverable'
  | 'handed-over'
  | 'limited'
  | 'opted-out'
  | 'recorded'
  | 'moved'
  | 'maybe-answered';

/** An accepted message as it lies in its chat. */
export interface StoredInbound {
  readonly direction: 'in';
  readonly key: MessageKey;
  readonly message: InboundMessage;
  readonly acceptedAtMs: number;
  /** Since when its customer waits for us: accepted, or taken up again after it was parked. */
  readonly waitingSinceMs: number;
  /** Its place within the webhook that brought it: the last word on order within one second. */
  readonly position: number;
  /** Request id of the webhook that brought it. */
  readonly correlationId: string;
  readonly progress: Progress;
  /** What became of the file that it brought; undefined = nothing yet, or it brought none. */
  readonly reading?: MediaReading | undefined;
  /** What the customer did to it later; not stored: see `revisions.ts`. */
  readonly revision?: 'edited' | 'deleted';
}

/** One bubble of ours, sent or about to be. */
export interface StoredOutbound {
  readonly direction: 'out';
  readonly key: MessageKey;
  readonly turnId: TurnId;
  readonly part: number;
  /** Empty until the turn is closed; a status may arrive before that. */
  readonly text: string;
  readonly wamid: string | undefined;
  /** Why WhatsApp refused it for good; the customer has never seen it. */
  readonly refusedCode: string | undefined;
  /** What is to be done because WhatsApp reported that it could not deliver it; undefined once done. */
  readonly followUp: FollowUp | undefined;
  /** How often this text was sent, this bubble and its copies included. */
  readonly sends: number;
  /** How often this very bubble may have gone out: one copy's failure says nothing of another's. */
  readonly copies: number;
  readonly author?: Author | undefined;
  /** Name of the template that it was; its text only tells of it. */
  readonly template?: string | undefined;
}

/**
 * What a bubble that failed after it was accepted leads to:
 * - `send-again`: the cause passes
 * - `send-later`: there were too many messages; it is left to the sweeper, which rings after a minute or two
 * - `other-address`: the contact's other id may be reached
 * - `person`: somebody should look at the chat
 */
export const FOLLOW_UPS = ['send-again', 'send-later', 'other-address', 'person'] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];

export type StoredMessage = StoredInbound | StoredOutbound;

/** `<time of Meta, 13 digits of ms>#<wamid>`: every delivery of the same message has the same key. */
export function inboundKey(message: Pick<InboundMessage, 'sentAtMs' | 'wamid'>): MessageKey {
  return `${padMs(message.sentAtMs)}#${message.wamid}`;
}

/** `<drafted at>#<turn version>.<part>`: known before the send, so that a status finds it by the turn. */
export function outboundKey(turnId: TurnId, part: number): MessageKey {
  const [draftedAt = '', version = ''] = turnId.split('.');
  return `${padMs(Number(draftedAt))}#turn-${version}.${part}`;
}

/** When it was sent, or its turn drafted; 0 where a sender gave no readable time. */
export function keyTimeMs(key: MessageKey): number {
  return Number(key.slice(0, key.indexOf('#')));
}

/** A time beyond the year 2286 is a sender's mistake; it must not break the order of the keys. */
function padMs(ms: number): string {
  return String(Math.min(ms, 9_999_999_999_999)).padStart(13, '0');
}

/** Order of Meta's timestamps; within one second, order of arrival. */
export function compareInbound(one: StoredInbound, other: StoredInbound): number {
  return (
    one.message.sentAtMs - other.message.sentAtMs ||
    one.acceptedAtMs - other.acceptedAtMs ||
    one.position - other.position ||
    (one.key < other.key ? -1 : 1)
  );
}
