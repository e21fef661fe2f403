import type { ContactId, TenantId, TurnId } from '#domain/ids.ts';
import type { MessageKey } from './message.ts';

/** What must change together in a chat; written as a whole, only by whoever read its current version. */
export interface ChatHead {
  /** Fencing token: 0 = not stored yet; each write adds one. */
  readonly version: number;
  readonly tenantId: TenantId | undefined;
  readonly state: 'assistant' | 'human';
  /** Why a person should look at this chat, if so. */
  readonly flag: 'fallback-sent' | 'undeliverable' | undefined;
  /** A turn whose draft is written and which is not closed: always finished first. */
  readonly openTurn: OpenTurn | undefined;
  readonly lastMessageAtMs: number;
  /** This chat's contact is now another; whatever arrives here is forwarded there. */
  readonly movedTo: ContactId | undefined;
  /** Time of the notice that moved it; 0 for a link of two ids. An older notice does not undo a newer one. */
  readonly movedAtMs: number;
  /** The phone number whose chat points here, so that it is linked once. */
  readonly phone: ContactId | undefined;
  /** The contact id under which earlier messages of this chat lie. */
  readonly formerly: ContactId | undefined;
}

/** A reply whose text exists: paid for, and to be sent exactly once. */
export interface OpenTurn {
  readonly id: TurnId;
  readonly kind: 'reply' | 'fallback';
  /** When the oldest of the answered messages was accepted. */
  readonly waitingSinceMs: number;
  readonly answers: readonly MessageKey[];
  readonly recipient: Recipient;
  readonly parts: readonly TurnPart[];
}

/** Where replies go: a phone number where one is known, else the user id. */
export interface Recipient {
  readonly waId: ContactId | undefined;
  readonly userId: ContactId | undefined;
}

export interface TurnPart {
  readonly text: string;
  readonly delivery: PartDelivery;
}

/**
 * `sending` without a later state is ambiguous: perhaps it was sent. `waiting` after that (a resend was
 * refused) still is: `resends` counts what may have gone out before, and a status may prove it yet.
 */
export type PartDelivery =
  | { readonly kind: 'waiting'; readonly resends: number | undefined }
  | { readonly kind: 'sending'; readonly sinceMs: number; readonly resends: number }
  | { readonly kind: 'sent'; readonly wamid: string }
  | { readonly kind: 'refused'; readonly code: string };

export function newHead(): ChatHead {
  return {
    version: 0,
    tenantId: undefined,
    state: 'assistant',
    flag: undefined,
    openTurn: undefined,
    lastMessageAtMs: 0,
    movedTo: undefined,
    movedAtMs: 0,
    phone: undefined,
    formerly: undefined,
  };
}
