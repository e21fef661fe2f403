import type { PlacedMessage } from '#domain/conversation/prompt.ts';
import { versionOfTurn } from './memory.ts';
import { estimateTokens } from './tokens.ts';

/**
 * Of earlier messages, in a prompt. It begins where the summary ends, and moves when the summary does:
 * so a prompt begins as the one before it, which is what the provider's cache needs.
 */
export const MOST_HISTORY_TOKENS = 6_000;

/** Beyond one of these the oldest go into the summary, until no more than the others are left. */
const FOLDS_AT = { messages: 30, tokens: 4_500 };
const FOLDS_TO = { messages: 16, tokens: 2_500 };
/** Nobody waits for it beyond this: a conversation that goes on and on would never be summarised. */
const URGENT_AT = { messages: 36, tokens: 5_500 };

/** What is to go into the summary, oldest first, and the turn up to which it is in there then. */
export interface Fold {
  readonly messages: readonly PlacedMessage[];
  readonly upTo: number;
  readonly isUrgent: boolean;
}

/**
 * @param window what is not summarised yet, oldest first
 * @param ratio what estimates have to be multiplied by
 */
export function planFold(window: readonly PlacedMessage[], ratio: number): Fold | undefined {
  const sizes = window.map(({ prompt }) => estimateTokens(prompt.text) * ratio);
  const tokens = sizes.reduce((sum, size) => sum + size, 0);
  if (window.length <= FOLDS_AT.messages && tokens <= FOLDS_AT.tokens) return undefined;
  const isUrgent = window.length > URGENT_AT.messages || tokens > URGENT_AT.tokens;
  let left = { messages: window.length, tokens };
  let upTo = -1;
  for (const [index, placed] of window.entries()) {
    const version = versionOfTurn(placed.turn);
    const isEnough = left.messages <= FOLDS_TO.messages && left.tokens <= FOLDS_TO.tokens;
    // A turn goes as a whole: its end is the position that is kept.
    if (isEnough && version > upTo) break;
    upTo = Math.max(upTo, version);
    left = { messages: left.messages - 1, tokens: left.tokens - (sizes[index] ?? 0) };
  }
  const end = upTo;
  const messages = window.filter(({ turn }) => versionOfTurn(turn) <= end);
  return { messages, upTo: end, isUrgent };
}
