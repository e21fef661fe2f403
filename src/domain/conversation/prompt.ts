import type { TurnId } from '#domain/ids.ts';
import { estimateTokens } from '#domain/memory/tokens.ts';
import { MOST_HISTORY_TOKENS } from '#domain/memory/window.ts';
import { asMarkdown } from '#domain/whatsapp/formatting.ts';
import { compareInbound, type StoredInbound, type StoredMessage } from './message.ts';
import { type Quoted, quotesIn, wordsForModel } from './message-words.ts';
import { boundImages, type PromptImage } from './prompt-images.ts';
import { applyRevisions } from './revisions.ts';

/**
 * One item of the conversation as the model sees it: a customer's message, a reply of the assistant's, what
 * a person of the business said, or data: what is known, and never an instruction.
 */
export interface PromptMessage {
  readonly role: 'customer' | 'assistant' | 'person' | 'data';
  readonly text: string;
  /** What the message shows beside its words. */
  readonly images?: readonly PromptImage[];
}

const MESSAGE_CHARACTERS = 8_000;
/** Of a message that brought a document, or a long recording, while it is answered. */
const FILE_CHARACTERS = 24_000;

/** A message of an earlier turn, as a model sees it. */
export interface PlacedMessage {
  readonly stored: StoredMessage;
  readonly turn: TurnId;
  readonly prompt: PromptMessage;
}

/** What a prompt is made of beside the instructions. */
export interface PromptParts {
  /** What is known of the contact; undefined: nothing. */
  readonly known?: string | undefined;
  readonly history: readonly StoredMessage[];
  readonly toAnswer: readonly StoredInbound[];
  /** What estimates of tokens have to be multiplied by, as far as it is known. */
  readonly tokenRatio?: number | undefined;
}

/**
 * What is known, then earlier turns, oldest first and within a budget of tokens, then what is to be answered
 * now. What changes least comes first: up to the first difference the provider has a prompt in its cache.
 */
export function buildPrompt(parts: PromptParts): readonly PromptMessage[] {
  const { known, history, toAnswer, tokenRatio = 1 } = parts;
  const data: readonly PromptMessage[] = known === undefined ? [] : [{ role: 'data', text: known }];
  const quoted = quotesIn([...applyRevisions(history).messages, ...toAnswer]);
  const earlier = placeHistory(history).map(({ prompt }) => prompt);
  const now = toAnswer.map((stored) => fromCustomer(stored, quoted, FILE_CHARACTERS));
  const kept = newestWithin(earlier, MOST_HISTORY_TOKENS / tokenRatio);
  return [...data, ...boundImages(kept, now)];
}

/**
 * Earlier turns, oldest first. What waits, was only recorded, was never delivered or has no words is left
 * out.
 */
export function placeHistory(history: readonly StoredMessage[]): readonly PlacedMessage[] {
  const said = applyRevisions(history).messages;
  const quoted = quotesIn(said);
  return said
    .flatMap((stored) => {
      const turn = turnOf(stored);
      return turn === undefined ? [] : [{ stored, turn, prompt: toPromptMessage(stored, quoted) }];
    })
    .filter(({ prompt }) => prompt.text !== '')
    .sort(byTurn);
}

type Placed = Pick<PlacedMessage, 'stored' | 'turn'>;

/** The turn that a message is part of; undefined for what is no part of a prompt's history. */
export function turnOf(stored: StoredMessage): TurnId | undefined {
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

function draftedAtMs(turn: TurnId): number {
  return Number(turn.split('.')[0]);
}

function toPromptMessage(stored: StoredMessage, quoted: Quoted): PromptMessage {
  return stored.direction === 'out'
    ? { role: 'assistant', text: asMarkdown(stored.text) }
    : fromCustomer(stored, quoted, MESSAGE_CHARACTERS);
}

function fromCustomer(
  stored: StoredInbound,
  quoted: Quoted,
  fileCharacters: number,
): PromptMessage {
  const { reading, revision } = stored;
  const most = reading?.kind === 'text' ? fileCharacters : MESSAGE_CHARACTERS;
  const message = { role: 'customer', text: wordsForModel(stored, quoted).slice(0, most) } as const;
  const isSeen = reading?.kind === 'image' && revision !== 'deleted';
  return isSeen ? { ...message, images: [reading.object] } : message;
}

function newestWithin(items: readonly PromptMessage[], budget: number): readonly PromptMessage[] {
  let left = budget;
  const kept = items.toReversed().filter((item) => {
    left -= estimateTokens(item.text);
    return left >= 0;
  });
  return kept.reverse();
}
