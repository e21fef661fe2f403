import type { ContactId, TenantId, TurnId } from '#domain/ids.ts';
import { type ContactUsage, NO_USAGE } from '#domain/limits/contact-usage.ts';
import type { Bubble } from './bubble.ts';
import type { Choice } from './choice.ts';
import type { ChatStateName, HandOver } from './hand-over.ts';
import type { MessageKey } from './message.ts';

/** What must change together in a chat; written as a whole, only by whoever read its current version. */
export interface ChatHead {
  /** Fencing token: 0 = not stored yet; each write adds one. */
  readonly version: number;
  readonly tenantId: TenantId | undefined;
  /** Since when the chat is this tenant's and contact's, where it was another's before: see `tenancy.ts`. */
  readonly tenantSinceMs: number | undefined;
  readonly state: ChatStateName;
  /** The latest time that a person was asked for or had the chat. */
  readonly handOver: HandOver | undefined;
  /** Turns in a row that the model had no answer for. */
  readonly failures: number;
  /** Why a person should look at this chat, if so. */
  readonly flag: Flag | undefined;
  /**
   * A turn whose draft is written and which is not closed: always finished first. A reply that is at its end
   * may still lie here: see `ended-turn.ts`.
   */
  readonly openTurn: OpenTurn | undefined;
  readonly lastMessageAtMs: number;
  /**
   * Calls to the model that were begun for what is unanswered now and whose end was not seen. Not every
   * call is counted here: see `compose-reply.ts`.
   */
  readonly asked: number;
  /** When the fallback text went out, if no answer did since: it is not said over and over. */
  readonly apologisedAtMs: number | undefined;
  /** Up to when the messages to this customer are paid for: see `pair-budget.ts`. */
  readonly pairPaidUpToMs: number;
  /** What this contact has used of its limits and budgets. */
  readonly usage: ContactUsage;
  /** This chat's contact is now another; whatever arrives here is forwarded there. */
  readonly movedTo: ContactId | undefined;
  /** Time of the notice that moved it; 0 for a link of two ids. An older notice does not undo a newer one. */
  readonly movedAtMs: number;
  /** The phone number whose chat points here, so that it is linked once. */
  readonly phone: ContactId | undefined;
  /** The contact id under which earlier messages of this chat lie. */
  readonly formerly: ContactId | undefined;
  /** BCP 47 tag of the language that the model answered in last. */
  readonly language: string | undefined;
  /** What estimates of tokens have to be multiplied by in this chat; undefined = not learned yet. */
  readonly tokenRatio: number | undefined;
  /** Whether the contact wants answers: `stopped` by an opt-out word. */
  readonly replies: Choice | undefined;
  /** What was said up to then is erased, and so is whatever of it comes back. */
  readonly erasure: Erasure | undefined;
}

/** The operator has erased everything that was said in a chat until then. */
export interface Erasure {
  /** What has a timestamp of Meta's up to this is erased, also where it arrives later. */
  readonly atMs: number;
  /** Turns that were drafted on an earlier version of the head are erased: no clock is asked. */
  readonly version: number;
}

/**
 * - `fallback-sent`: the customer was told to wait for a person
 * - `undeliverable`: WhatsApp did not take or not deliver what we said
 * - `too-old`: a message came too late for the model
 * - `limited`: a limit or a budget had no room for an answer
 * - `hand-over`: a person is asked for
 * - `low-confidence`: the model was not sure of what it said
 * - `maybe-answered`: tables were restored, and something was perhaps said that they know nothing of
 */
export const FLAGS = [
  'fallback-sent',
  'undeliverable',
  'too-old',
  'limited',
  'hand-over',
  'low-confidence',
  'maybe-answered',
] as const;
type Flag = (typeof FLAGS)[number];

/** A reply whose text exists: paid for, and to be sent exactly once. */
export interface OpenTurn {
  readonly id: TurnId;
  /**
   * - `limit`: says that a limit is reached
   * - `repeat`: a bubble that WhatsApp took and could not deliver is sent again
   * - `notice`: a set text of the business's, where there is nothing to think about
   * - `person`: what somebody of the business says
   */
  readonly kind: 'reply' | 'fallback' | 'limit' | 'repeat' | 'notice' | 'person';
  /** When the oldest of the answered messages was accepted. */
  readonly waitingSinceMs: number;
  readonly answers: readonly MessageKey[];
  readonly recipient: Recipient;
  readonly parts: readonly TurnPart[];
  /** How often WhatsApp refused a part because this customer gets too many messages. */
  readonly pairRefusals: number;
  /** Of a `repeat`: the bubble's key, and how often its text was sent before. */
  readonly repeats:
    | { readonly key: MessageKey; readonly sends: number; readonly author?: Author | undefined }
    | undefined;
  /** What the customer wants forgotten: ids of what is remembered. */
  readonly forgets: readonly string[];
}

/** Who said it, where it was not the assistant. */
export type Author = 'person';

/** Where replies go: a phone number where one is known, else the user id. */
export interface Recipient {
  readonly waId: ContactId | undefined;
  readonly userId: ContactId | undefined;
}

export interface TurnPart extends Bubble {
  readonly delivery: PartDelivery;
}

/**
 * `sending` without a later state is ambiguous: perhaps it was sent. `waiting` after that (a resend was
 * refused) still is: `resends` counts what may have gone out before, and a status may prove it yet.
 */
export type PartDelivery =
  | { readonly kind: 'waiting'; readonly resends: number | undefined }
  | { readonly kind: 'sending'; readonly sinceMs: number; readonly resends: number }
  /** `copies`: how often it may have gone out, where it had to be sent again without proof. */
  | { readonly kind: 'sent'; readonly wamid: string; readonly copies: number }
  | { readonly kind: 'refused'; readonly code: string };

export function newHead(): ChatHead {
  return {
    version: 0,
    tenantId: undefined,
    tenantSinceMs: undefined,
    state: 'assistant',
    handOver: undefined,
    failures: 0,
    flag: undefined,
    openTurn: undefined,
    lastMessageAtMs: 0,
    asked: 0,
    apologisedAtMs: undefined,
    pairPaidUpToMs: 0,
    usage: NO_USAGE,
    movedTo: undefined,
    movedAtMs: 0,
    phone: undefined,
    formerly: undefined,
    language: undefined,
    tokenRatio: undefined,
    replies: undefined,
    erasure: undefined,
  };
}
