import type { Choices } from './choices.ts';

/** What one message of ours holds. */
export interface Bubble {
  readonly text: string;
  readonly choices?: Choices | undefined;
  /** The customer's message that it quotes. */
  readonly quotes?: Wamid | undefined;
  /** What is sent in the text's place, which only tells of it: WhatsApp has the words. */
  readonly template?: Template | undefined;
}

/** A message that WhatsApp has approved, with what stands for its placeholders. */
export interface Template {
  readonly name: string;
  /** As Meta spells it, such as `en_US`. */
  readonly language: string;
  readonly parameters: readonly string[];
}

/** WhatsApp's id of a message. It holds the contact's number, so it is never logged. */
type Wamid = string;
