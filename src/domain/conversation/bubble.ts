import type { Choices } from './choices.ts';

/** What one message of ours holds. */
export interface Bubble {
  readonly text: string;
  readonly choices?: Choices | undefined;
  /** The customer's message that it quotes. */
  readonly quotes?: Wamid | undefined;
}

/** WhatsApp's id of a message. It holds the contact's number, so it is never logged. */
type Wamid = string;
