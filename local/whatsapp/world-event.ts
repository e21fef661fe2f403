/** One chat as programs name it: the contact by phone where it has one, else by user id. */
export interface ChatName {
  readonly phoneNumberId: string;
  readonly contact: string;
}

/** Something that happened between a customer's phone, Meta and the concierge. */
export interface WorldEvent {
  /** Milliseconds since the epoch, on the world's clock. */
  readonly at: number;
  /**
   * - `message`: a customer wrote
   * - `webhook`: Meta delivered, or tried to
   * - `accepted`: the webhook was answered 200, so the message must be answered
   * - `typing`: the business read the message (and shows that it types)
   * - `send`: the business sent a message, or was refused
   * - `status`: an outgoing message came further
   */
  readonly kind: 'message' | 'webhook' | 'accepted' | 'typing' | 'send' | 'status';
  readonly chat: ChatName | undefined;
  /** One short sentence without the customer's words. */
  readonly detail: string;
}
