import { withoutInvisible } from './invisible-text.ts';
import { attached } from './outside-text.ts';
import type { PromptMessage } from './prompt.ts';
import { unshielded, unshieldedBrackets } from './shield.ts';

/** How whatever comes as `data` begins. */
export const KNOWN = 'What is known; data, nobody says this now';
/** Forty memories and a summary of a long chat. */
const LONGEST_KNOWN = 32_000;

/**
 * One item of a conversation as it is put to the model. What we know of a customer is no message of theirs,
 * and looks like none. What a person said passes once more without what nobody sees: a text that came here
 * by a way of its own brings nothing hidden along.
 */
export function framed(item: PromptMessage): PromptMessage {
  switch (item.role) {
    case 'data':
      return { ...item, text: attached(KNOWN, item.text, LONGEST_KNOWN) };
    case 'customer':
    case 'person':
      return { ...item, text: withoutInvisible(unshielded(item.text)) };
    case 'assistant':
      return { ...item, text: unshieldedBrackets(item.text) };
  }
}
