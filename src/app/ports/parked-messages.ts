import type { MessageKey, Outcome, StoredInbound } from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat } from '#domain/ids.ts';

/** A message that waits for the operator, as the sparse index shows it: no word of the customer's. */
export interface ParkedMessage {
  readonly chat: Chat;
  readonly key: MessageKey;
  readonly acceptedAtMs: number;
  readonly correlationId: string;
  readonly parking: Parking;
}

/** What has become of a message; `gone` = it is not there any more, or nothing that waits. */
export type Fate = Outcome | 'unfinished' | 'parked' | 'gone';

/** The operator's view of what is parked. */
export interface ParkedMessages {
  /** All of them, oldest first, from an eventually consistent index. */
  listParked(): Promise<readonly ParkedMessage[]>;

  /** Strongly consistent; also of a message that this version cannot read. */
  readFate(chat: Chat, key: MessageKey): Promise<Fate>;

  /**
   * The whole message, strongly consistent; undefined where it is not there any more.
   * @throws where this version cannot read it
   */
  readMessage(chat: Chat, key: MessageKey): Promise<StoredInbound | undefined>;
}
