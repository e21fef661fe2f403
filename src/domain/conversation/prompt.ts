import { readText } from '#domain/whatsapp/message-text.ts';
import type { StoredInbound, StoredMessage } from './message.ts';

/** One item of the conversation as the model sees it: a customer's message, or a reply of ours. */
export interface PromptMessage {
  readonly role: 'customer' | 'assistant';
  readonly text: string;
}

const HISTORY_CHARACTERS = 24_000;
const MESSAGE_CHARACTERS = 8_000;

/**
 * Earlier messages, oldest first and within a budget, then what is to be answered now. What waits, was
 * only recorded, or has no words is left out of the history.
 */
export function buildPrompt(
  history: readonly StoredMessage[],
  toAnswer: readonly StoredInbound[],
): readonly PromptMessage[] {
  const now = toAnswer.map(({ message }) => fromCustomer(readText(message)));
  const earlier = history.map(toPromptMessage).filter((item) => item !== undefined);
  return [...newestWithin(earlier, HISTORY_CHARACTERS), ...now];
}

function toPromptMessage(stored: StoredMessage): PromptMessage | undefined {
  if (stored.direction === 'out') {
    return stored.text ? { role: 'assistant', text: stored.text } : undefined;
  }
  const { progress, message } = stored;
  const wasPartOfATurn = progress.kind === 'finished' && progress.turnId !== undefined;
  const text = wasPartOfATurn ? readText(message) : '';
  return text ? fromCustomer(text) : undefined;
}

function fromCustomer(text: string): PromptMessage {
  return { role: 'customer', text: text.slice(0, MESSAGE_CHARACTERS) };
}

function newestWithin(items: readonly PromptMessage[], budget: number): readonly PromptMessage[] {
  let left = budget;
  const kept = items.toReversed().filter((item) => {
    left -= item.text.length;
    return left >= 0;
  });
  return kept.reverse();
}
