import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';

/** Stable stand-ins where a contact must not appear: logs, and the model's provider. */
export interface Pseudonyms {
  ofChat(chat: Chat): string;
  /** A wamid holds the customer's phone number in base64, so it is no fit name for a message either. */
  ofMessage(key: MessageKey): string;
  /** The same for a message whose id is all that is known of it, such as a bubble that a status is of. */
  ofWamid(wamid: string): string;
}
