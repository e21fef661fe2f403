import type { Choices } from './choices.ts';

/**
 * What the model answers: one structured reply, whose fields say what is to be done beside the words.
 * There are no rounds of tool calls, so that a turn stays one paid call: docs/adr/020.
 */
export interface Answer {
  /** Markdown, as models write it. */
  readonly text: string;
  /** BCP 47 tag of the text's language, such as `pt-BR`. */
  readonly language: string | undefined;
  /** What the customer can tap. */
  readonly choices: Choices | undefined;
  /** Which of the messages that it answers it should quote; the first is 0. */
  readonly quotes: number | undefined;
  /** A person of the business should take over. */
  readonly handOver: HandOverWish | undefined;
  /** Ids of what is remembered and the customer wants forgotten. */
  readonly forgets: readonly string[];
  /** How sure the model is that this is right and of use. */
  readonly confidence: 'high' | 'low' | undefined;
}

interface HandOverWish {
  readonly reason: string;
  /** What the person should know before they write. */
  readonly summary: string;
}

/** Words and nothing else. */
export function plainAnswer(text: string): Answer {
  return {
    text,
    language: undefined,
    choices: undefined,
    quotes: undefined,
    handOver: undefined,
    forgets: [],
    confidence: undefined,
  };
}
