import { readText } from '#domain/whatsapp/message-text.ts';
import type { ChatHead } from './head.ts';
import { historyOf } from './history.ts';
import type { StoredInbound, StoredMessage } from './message.ts';

/**
 * One item of the conversation as the model sees it: a customer's message, a reply of the assistant's, what
 * a person of the business said, or data: what is known, and never an instruction.
 */
export interface PromptMessage {
  readonly role: 'customer' | 'assistant' | 'person' | 'data';
  readonly text: string;
}

/** Of earlier turns, in UTF-16 units. */
export const HISTORY_CHARACTERS = 24_000;
const MESSAGE_CHARACTERS = 8_000;

/**
 * What was said, oldest first and within a budget, then what is to be answered now. What waits, was only
 * recorded, was never delivered or has no words is left out of the history.
 */
export function buildPrompt(
  history: readonly StoredMessage[],
  toAnswer: readonly StoredInbound[],
): readonly PromptMessage[] {
  const now = toAnswer.map(({ message }) => fromCustomer(readText(message)));
  const earlier = historyOf(history)
    .map(({ role, text }) => (role === 'customer' ? fromCustomer(text) : { role, text }))
    .filter(({ text }) => text !== '');
  return [...newestWithin(earlier, HISTORY_CHARACTERS), ...now];
}

/** What the model, which remembers nothing, must know of the time when a person had the chat. */
export function toldOfHandOver({ handOver }: ChatHead): readonly PromptMessage[] {
  if (!handOver || (handOver.releasedAtMs === undefined && handOver.summary === undefined)) {
    return [];
  }
  const { releasedAtMs, reason, summary, ended } = handOver;
  const lines = [
    'A person of the business was asked into this conversation.',
    reason && `Why: ${reason}`,
    summary && `What it was about by then: ${summary}`,
    releasedAtMs !== undefined &&
      (ended === 'idled'
        ? 'Nobody of the business has written for a while, so you answer again.'
        : 'They have given it back to you.'),
  ];
  return [{ role: 'data', text: lines.filter(Boolean).join('\n').slice(0, MESSAGE_CHARACTERS) }];
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
