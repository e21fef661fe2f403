import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type {
  FollowUp,
  MessageKey,
  Outcome,
  StoredMessage,
  StoredOutbound,
} from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat, TurnId } from '#domain/ids.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';

/** A message on its way into its chat's inbox. */
export interface Arrival {
  readonly message: InboundMessage;
  readonly acceptedAtMs: number;
  readonly position: number;
  readonly correlationId: string;
  /** What is known of its file already, where it comes from another chat. */
  readonly reading?: MediaReading | undefined;
}

/**
 * - `recorded`: stored now
 * - `stale`: another worker has done it, or is about to
 * - `gone`: the message is not there any more
 */
export type RecordedReading = 'recorded' | 'stale' | 'gone';

/**
 * - `accepted`: stored now
 * - `duplicate`: it was here already, however long ago within retention
 * - `refused`: the store did not take it; nothing may be acknowledged
 */
export type ArrivalResult = 'accepted' | 'duplicate' | 'refused';

/** Ingest's view: the only thing it may do to conversations. */
export interface Inbox {
  /** Stores each message once, under the key that every redelivery of it has. One result per arrival, same order. */
  accept(arrivals: readonly Arrival[]): Promise<readonly ArrivalResult[]>;
}

/** A message that was accepted and is not finished, as the sweeper sees it. */
export interface UnfinishedMessage {
  readonly chat: Chat;
  readonly key: MessageKey;
  readonly acceptedAtMs: number;
  readonly correlationId: string;
  /** How often the sweeper rang for it. */
  readonly rings: number;
  readonly rungAtMs: number | undefined;
}

export interface RecentMessages {
  readonly messages: readonly StoredMessage[];
  /** Keys of unfinished items that no version up to this one can read. */
  readonly unreadable: readonly MessageKey[];
  /** Keys of unfinished items that a later version wrote. */
  readonly newer: readonly MessageKey[];
}

/** What the processor does to conversations. Every write but `saveHead` can be repeated harmlessly. */
export interface ConversationStore extends Inbox {
  /** Strongly consistent; a chat that has none yet gives `newHead()`. */
  readHead(chat: Chat): Promise<ChatHead>;

  /**
   * The newest messages of a chat, oldest first, strongly consistent: at least `limit` where there are
   * so many, and beyond that every unfinished one that lies directly before them; also each of `keys`.
   * One that cannot be read does not keep the others from being answered.
   */
  readRecent(
    chat: Chat,
    wanted: { readonly limit: number; readonly keys: readonly MessageKey[] },
  ): Promise<RecentMessages>;

  /**
   * Stores the head with its version raised by one, if the stored version is still `head.version`.
   * @returns the head as stored, or `stale` when somebody else wrote first: stop without another word
   */
  saveHead(chat: Chat, head: ChatHead): Promise<ChatHead | 'stale'>;

  /**
   * Stores what became of a message's file, if what is stored is still what was known `before`: so that of
   * two workers only one goes on to pay for its reading.
   */
  recordReading(
    chat: Chat,
    key: MessageKey,
    change: { readonly reading: MediaReading; readonly before: MediaReading | undefined },
  ): Promise<RecordedReading>;

  /** Takes messages out of the sparse index for good. Absent messages are skipped. */
  finish(
    chat: Chat,
    keys: readonly MessageKey[],
    result: { readonly outcome: Outcome; readonly turnId: TurnId | undefined },
  ): Promise<void>;

  /** Puts messages among the parked ones of the sparse index. Finished ones stay finished. */
  park(chat: Chat, keys: readonly MessageKey[], parking: Parking): Promise<void>;

  /**
   * Makes parked messages unfinished again: from now on the sweeper watches over them, and their
   * customer's wait counts anew.
   */
  resume(chat: Chat, keys: readonly MessageKey[]): Promise<void>;

  /**
   * Finishes messages as `moved`, now that they are in another chat's inbox; except those that were taken
   * back under a later version of this chat's head than `version`, which is the one that sent them away.
   */
  moveAway(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void>;

  /**
   * The contact has come back, as of this version of the chat's head: messages that were finished as
   * `moved` are unfinished again, and whoever is still about to move one away will not.
   */
  takeBack(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void>;

  /**
   * Finishes messages as `handed-over`, now that this version of the head says who has the chat; except those
   * that were taken up under a later one.
   */
  leave(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void>;

  /**
   * As of this version of the head nobody has what was left to a person: messages that were finished as
   * `handed-over` are unfinished again, as if they had just been accepted, in this order, and whoever is still
   * about to leave one will not.
   */
  takeUp(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void>;

  /** Deletes messages and bubbles for good; absent ones are skipped. */
  erase(chat: Chat, keys: readonly MessageKey[]): Promise<void>;

  /** Writes what we said into the chat; merges with what a status may have written before. */
  recordOutbound(chat: Chat, outbound: StoredOutbound): Promise<void>;

  /** The failed bubble has been dealt with: it leaves the sparse index, and stays out. */
  settleFollowUp(chat: Chat, key: MessageKey): Promise<void>;

  /** The bubble's record with whatever a status webhook proved of it; undefined when neither wrote yet. */
  readOutbound(reference: PartReference): Promise<StoredOutbound | undefined>;
}

/** `gone`: not kept, since the chat is erased or forgotten. */
export type MergedDelivery =
  | {
      readonly kind: 'merged';
      /** The first to tell Meta's price of the bubble. */
      readonly isFirstPrice: boolean;
      /** The first to tell this state. */
      readonly isFirst: boolean;
      /** The first to tell that the bubble arrived: Meta may leave out `delivered` where it was read. */
      readonly isFirstArrival: boolean;
    }
  | { readonly kind: 'gone' };

/** What the events function does to conversations. */
export interface DeliveryLog {
  /**
   * Merges a status into its bubble: idempotent, any order, first writer of each fact wins. A status may
   * come before its bubble is recorded; one of a chat that is erased or forgotten is not kept.
   */
  mergeDelivery(status: DeliveryStatus, nowMs: number): Promise<MergedDelivery>;

  /**
   * Puts a bubble that WhatsApp could not deliver among what is unfinished, so that it is followed up and
   * never forgotten. Once per bubble, and not where another status proves that it was delivered.
   * @returns whether it was put there now
   */
  requestFollowUp(
    status: DeliveryStatus,
    followUp: FollowUp,
    arrival: { readonly nowMs: number; readonly correlationId: string },
  ): Promise<boolean>;

  /** Keeps an event that nobody handles, whole, for the operator to look at. */
  keepEvent(event: KeptEvent): Promise<void>;
}

export interface KeptEvent {
  readonly kind: string;
  readonly field: string;
  readonly accountId: string | undefined;
  readonly phoneNumberId: string | undefined;
  readonly payload: unknown;
  readonly receivedAtMs: number;
  readonly correlationId: string;
}

/** The sweeper's view of what is accepted and not finished. */
export interface UnfinishedIndex {
  /**
   * Oldest first, accepted before the given time, from an eventually consistent index; at most `limit`.
   * Where there are more, the oldest is among them, but not every other that is older than one of them.
   */
  listUnfinished(wanted: {
    readonly acceptedBeforeMs: number;
    readonly limit: number;
  }): Promise<readonly UnfinishedMessage[]>;

  /** Counts a ring on the message; nothing happens if it is finished by now. */
  countRing(message: UnfinishedMessage, nowMs: number): Promise<void>;
}
