/** What is assumed of customers, of the peers and of what is asked of the model; each is a flag. */
export interface Traffic {
  readonly conversationsADay: number;
  /** Messages of the customer's in a conversation, each with its reply in one bubble; then a pause. */
  readonly turns: number;
  /** What a turn waits for the model, and for WhatsApp. */
  readonly modelSeconds: number;
  readonly graphSeconds: number;
  /** What remembering a conversation waits for the model. */
  readonly memorySeconds: number;
  /** Chats that a processor works side by side. */
  readonly chatsPerBatch: number;
  /** Of a turn. */
  readonly inputTokens: number;
  readonly cachedShare: number;
  readonly outputTokens: number;
  /** Of remembering a conversation. */
  readonly memoryInputTokens: number;
  readonly memoryOutputTokens: number;
  /** Businesses, each with a secret of its own. */
  readonly tenants: number;
  /** Whose customers they are, by which Meta asks. */
  readonly country: string;
  /** The busiest minute of a day, as a multiple of its mean. */
  readonly peak: number;
}

export const USUAL_TRAFFIC: Traffic = {
  conversationsADay: 1_000,
  turns: 5,
  modelSeconds: 4,
  graphSeconds: 0.3,
  memorySeconds: 3,
  chatsPerBatch: 1,
  // Of the reference: 500 new tokens, 1,500 that the provider's cache has.
  inputTokens: 2_000,
  cachedShare: 0.75,
  outputTokens: 150,
  memoryInputTokens: 2_000,
  memoryOutputTokens: 200,
  tenants: 100,
  country: 'US',
  peak: 3,
};

export const DAYS_A_MONTH = 30;

/** Customers' messages in a month. */
export function messagesOf({ conversationsADay, turns }: Traffic): number {
  return conversationsADay * turns * DAYS_A_MONTH;
}
