import { type MicroUsd, microUsd } from './micro-usd.ts';

/** Micro-dollars for a million tokens of each kind. */
export interface ModelPrice {
  readonly input: MicroUsd;
  readonly cachedInput: MicroUsd;
  /** What a prompt costs that is put into the provider's cache while it is read. */
  readonly cacheWrite: MicroUsd;
  readonly output: MicroUsd;
}

/** OpenAI's list prices, standard tier, without the surcharge for regional processing. */
export const MODEL_PRICES_AS_OF = '2026-11-23';

const MODEL_PRICES: Readonly<Record<string, ModelPrice>> = {
  'gpt-6-luna': price(0.1, 0.01, 0.5),
  'gpt-6-sol': price(2, 0.2, 10),
  'gpt-6-astra': price(10, 1, 50),
  'gpt-6.1-terra': price(1, 0.05, 5),
  'gpt-6.1-sol': price(2, 0.1, 10),
  'gpt-5.6-luna': price(0.2, 0.02, 1.2),
  'gpt-5.6-terra': price(2, 0.2, 12),
};

/** A prompt of more tokens than this makes the whole call dearer. */
export const LONG_CONTEXT = { aboveInputTokens: 272_000, input: 2, output: 1.5 } as const;

/** What nobody knows the price of counts as the dearest that is known. */
const DEAREST: ModelPrice = Object.values(MODEL_PRICES).reduce((one, other) => ({
  input: higher(one.input, other.input),
  cachedInput: higher(one.cachedInput, other.cachedInput),
  cacheWrite: higher(one.cacheWrite, other.cacheWrite),
  output: higher(one.output, other.output),
}));

/** A model by its id, or by a dated one such as `gpt-6-luna-2026-09-22`. */
export function priceOfModel(model: string): {
  readonly price: ModelPrice;
  readonly isKnown: boolean;
} {
  const id = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const known = Object.hasOwn(MODEL_PRICES, id) ? MODEL_PRICES[id] : undefined;
  return { price: known ?? DEAREST, isKnown: known !== undefined };
}

/** In dollars for a million tokens, as the list says it; a cache write is a quarter dearer than input. */
function price(input: number, cachedInput: number, output: number): ModelPrice {
  return {
    input: inMicros(input),
    cachedInput: inMicros(cachedInput),
    cacheWrite: inMicros(input * 1.25),
    output: inMicros(output),
  };
}

function inMicros(dollars: number): MicroUsd {
  return microUsd(Math.round(dollars * 1_000_000));
}

function higher(one: MicroUsd, other: MicroUsd): MicroUsd {
  return one > other ? one : other;
}
