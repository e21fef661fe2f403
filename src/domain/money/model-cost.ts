import { MOST_TOKENS_PER_IMAGE, USUAL_TOKENS_PER_IMAGE } from '#domain/media/image-tokens.ts';
import { type MicroUsd, microUsd } from './micro-usd.ts';
import { LONG_CONTEXT, priceOfModel } from './model-prices.ts';

/** Tokens of one call, as the provider reports them. */
export interface TokenUsage {
  /** All of the prompt. */
  readonly inputTokens: number;
  /** The part of it that was read from the provider's cache. */
  readonly cachedInputTokens: number;
  /** The part of it that was written there; undefined where the provider does not say. */
  readonly cacheWriteTokens?: number | undefined;
  /** Reasoning included. */
  readonly outputTokens: number;
}

/** What a model is about to be asked. */
export interface ModelQuestion {
  readonly instructions: string;
  readonly conversation: readonly {
    readonly text: string;
    readonly images?: readonly unknown[];
  }[];
  /** Reasoning included. */
  readonly maxOutputTokens: number;
}

/** What the provider puts around the texts: roles, separators and the like. */
const TOKENS_PER_CALL = 64;
const TOKENS_PER_MESSAGE = 16;

const MILLION = 1_000_000;

/** What a call has cost. Which tokens went into the cache is seldom said: then all that could have. */
export function costOfUsage(model: string, usage: TokenUsage): MicroUsd {
  const { inputTokens, outputTokens } = usage;
  const cached = Math.min(usage.cachedInputTokens, inputTokens);
  const written = Math.min(usage.cacheWriteTokens ?? inputTokens, inputTokens - cached);
  const { price } = priceOfModel(model);
  const input =
    cached * price.cachedInput +
    written * price.cacheWrite +
    (inputTokens - cached - written) * price.input;
  const isLong = inputTokens > LONG_CONTEXT.aboveInputTokens;
  const times = isLong ? LONG_CONTEXT : { input: 1, output: 1 };
  return microUsd((input * times.input + outputTokens * price.output * times.output) / MILLION);
}

/** The most that a call can cost: a token is a byte of UTF-8 at least, and the output is bounded. */
export function upperBoundOf(model: string, question: ModelQuestion): MicroUsd {
  return costOfUsage(model, {
    inputTokens: mostInputTokens(question),
    cachedInputTokens: 0,
    outputTokens: question.maxOutputTokens,
  });
}

/** The most tokens that the prompt can be. */
export function mostInputTokens({
  instructions,
  conversation,
}: Omit<ModelQuestion, 'maxOutputTokens'>): number {
  return conversation.reduce(
    (sum, { text, images = [] }) =>
      sum + bytesOf(text) + TOKENS_PER_MESSAGE + images.length * MOST_TOKENS_PER_IMAGE,
    bytesOf(instructions) + TOKENS_PER_CALL,
  );
}

/**
 * How much of what a call has cost was for looking at images: an estimate, since what is reported counts
 * all tokens together.
 */
export function costOfImages(
  model: string,
  { conversation }: Pick<ModelQuestion, 'conversation'>,
  cost: MicroUsd,
): MicroUsd {
  const images = conversation.reduce((sum, each) => sum + (each.images?.length ?? 0), 0);
  const { price } = priceOfModel(model);
  return microUsd(Math.min(cost, (images * USUAL_TOKENS_PER_IMAGE * price.input) / MILLION));
}

/** In UTF-8; half a surrogate pair is sent as U+FFFD, of three bytes. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
