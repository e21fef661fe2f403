import type { TurnId } from '#domain/ids.ts';
import { readText } from '#domain/whatsapp/message-text.ts';
import { compareInbound, type StoredInbound, type StoredMessage } from './message.ts';

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
 * Earlier turns, oldest first and within a budget, then what is to be answered now. What waits, was only
 * recorded, was never delivered or has no words is left out of the history.
 */
export function buildPrompt(
  history: readonly StoredMessage[],
  toAnswer: readonly StoredInbound[],
): readonly PromptMessage[] {
  const now = toAnswer.map(({ message }) => fromCustomer(readText(message)));
  const earlier = history
    .map((stored) => ({ stored, turn: turnOf(stored) }))
    .filter(({ turn }) => turn !== undefined)
    .sort(byTurn)
    .map(({ stored }) => toPromptMessage(stored))
    .filter(({ text }) => text !== '');
  return [...newestWithin(earlier, HISTORY_CHARACTERS), ...now];
}

interface Placed {
  readonly stored: StoredMessage;
  readonly turn: TurnId | undefined;
}

function turnOf(stored: StoredMessage): TurnId | undefined {
  if (stored.direction === 'out') return stored.refusedCode ? undefined : stored.turnId;
  return stored.progress.kind === 'finished' ? stored.progress.turnId : undefined;
}

/**
 * A turn's messages before its replies, turn after turn. Meta's clock and ours differ, so the times
 * alone could put an answer before its question.
 */
function byTurn(one: Placed, other: Placed): number {
  return (
    draftedAtMs(one.turn) - draftedAtMs(other.turn) ||
    one.stored.direction.localeCompare(other.stored.direction) ||
    withinTurn(one.stored, other.stored)
  );
}

function withinTurn(one: StoredMessage, other: StoredMessage): number {
  if (one.direction === 'in' && other.direction === 'in') return compareInbound(one, other);
  return one.key < other.key ? -1 : 1;
}

function draftedAtMs(turn: TurnId | undefined): number {
  return Number(turn?.split('.')[0] ?? 0);
}

function toPromptMessage(stored: StoredMessage): PromptMessage {
  return stored.direction === 'out'
    ? { role: 'assistant', text: stored.text }
    : fromCustomer(readText(stored.message));
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
