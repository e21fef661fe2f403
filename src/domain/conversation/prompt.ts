import type { TurnId } from '#domain/ids.ts';
import { estimateTokens } from '#domain/memory/tokens.ts';
import { MOST_HISTORY_TOKENS } from '#domain/memory/window.ts';
import { asMarkdown } from '#domain/whatsapp/formatting.ts';
import type { ChatHead } from './head.ts';
import { historyOf, type Said } from './history.ts';
import type { StoredInbound, StoredMessage } from './message.ts';
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
  /** Its own, or the one that came after it. */
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
  const said = applyRevisions(history).messages;
  const quoted = quotesIn([...said, ...toAnswer]);
  const earlier = historyOf(said)
    .map((each) => toPromptMessage(each, quoted))
    .filter(({ text }) => text !== '');
  const now = toAnswer.map((stored) => fromCustomer(stored, quoted, FILE_CHARACTERS));
  const kept = newestWithin(earlier, MOST_HISTORY_TOKENS / tokenRatio);
  return [...data, ...boundImages(kept, now)];
}

/**
 * What was said, oldest first, as far as it belongs to a turn, or comes before one: that is what memories are
 * made of. What waits, was only recorded, was never delivered or has no words is left out.
 */
export function placeHistory(history: readonly StoredMessage[]): readonly PlacedMessage[] {
  const revised = applyRevisions(history).messages;
  const quoted = quotesIn(revised);
  return historyOf(revised)
    .flatMap((said) => {
      const { stored, turn } = said;
      return turn === undefined ? [] : [{ stored, turn, prompt: toPromptMessage(said, quoted) }];
    })
    .filter(({ prompt }) => prompt.text !== '');
}

function toPromptMessage({ stored, role, text }: Said, quoted: Quoted): PromptMessage {
  if (role === 'customer' && stored.direction === 'in') {
    return fromCustomer(stored, quoted, MESSAGE_CHARACTERS);
  }
  return { role, text: stored.direction === 'out' ? asMarkdown(text) : text };
}

/** What the model, which remembers nothing, must know of what it does not see. */
export function toldOfGaps(head: ChatHead): readonly PromptMessage[] {
  return [...toldOfLostTime(head), ...toldOfHandOver(head)];
}

/** The tables were restored: the customer may speak of what was said since, or wait for an answer. */
function toldOfLostTime({ flag }: ChatHead): readonly PromptMessage[] {
  if (flag !== 'maybe-answered') return [];
  const text =
    'Something that this customer wrote earlier, and its answer, may be missing here. A person of the business looks at it: answer it only if the customer asks again.';
  return [{ role: 'data', text }];
}

/** What the model must know of the time when a person had the chat. */
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
