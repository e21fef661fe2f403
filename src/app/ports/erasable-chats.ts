import type { Erasure } from '#domain/conversation/head.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat, ContactId, TenantId } from '#domain/ids.ts';

/** Everything that lies in a chat. */
export interface Remains {
  /** When they were looked at, by the store's own time: the operator's machine may have a wrong one. */
  readonly lookedAtMs: number;
  /** Of the head; 0 = it has none. */
  readonly version: number;
  /** Whose the chat is, or who began to erase it: a tombstone names nobody once that is complete. */
  readonly tenantId: TenantId | undefined;
  readonly erasure: Erasure | undefined;
  /** When its head was written last; undefined where it has none, or an old one that does not tell. */
  readonly savedAtMs: number | undefined;
  /** One that no unfinished message tells of: a reply stays open for as long as nobody writes the head again. */
  readonly hasOpenTurn: boolean;
  /** Under which id the contact goes on. */
  readonly movedTo: ContactId | undefined;
  /** Ids whose chats led here, as the head remembers it; they may be somebody else's by now. */
  readonly former: readonly ContactId[];
  /** Ids that messages name beside the chat's own. */
  readonly named: readonly ContactId[];
  /** Of a tombstone whose erasure is under way: the contact's other ids. */
  readonly erasing: readonly ContactId[];
  readonly items: readonly RemainingItem[];
}

/** An item beside the head. */
export interface RemainingItem {
  /** Names the item in its chat. */
  readonly name: string;
  /** Undefined for what is neither a message nor a bubble. */
  readonly key: MessageKey | undefined;
  readonly kind: 'message' | 'bubble' | 'other';
  /** Accepted and not finished, and not parked either. */
  readonly isUnfinished: boolean;
  /** Of what is remembered: the version of the head that it was made on. */
  readonly madeOn?: number | undefined;
}

/** What is kept of an event that nobody handles. */
export interface EventRemains {
  readonly phoneNumberId: string | undefined;
  readonly payload: unknown;
}

/** The operator's hold on what is to be erased. It also reaches what this version cannot read. */
export interface ErasableChats {
  /** Strongly consistent. */
  look(chat: Chat): Promise<Remains>;

  /**
   * Puts a tombstone in the place of the head, if that still has this version: from then on no worker that
   * read the chat before can open or go on with a turn.
   * Its `linked` ids and `tenant` are told by `look` until `complete`, so that an erasure that was
   * interrupted finds them.
   */
  bury(
    chat: Chat,
    grave: {
      readonly version: number;
      readonly atMs: number;
      readonly linked: readonly ContactId[];
      readonly tenant: TenantId;
    },
  ): Promise<Erasure | 'stale'>;

  /** The erasure is complete: the tombstone tells of no other id and of no tenant any more. */
  complete(chat: Chat): Promise<void>;

  /** Deletes items for good; absent ones are skipped. */
  remove(chat: Chat, items: readonly RemainingItem[]): Promise<void>;

  /**
   * Deletes kept events of a WhatsApp Business Account, or of those without one, that a test says are
   * concerned. @returns how many
   */
  removeEvents(
    accountId: string | undefined,
    isConcerned: (event: EventRemains) => boolean,
  ): Promise<number>;
}
