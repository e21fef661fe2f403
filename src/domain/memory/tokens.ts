/** Rough tokens of a character, by its script: what tokenizers of some 200,000 words make of it. */
const PER_ASCII = 0.25;
const PER_LETTER = 0.4;
/** Chinese, Japanese, Korean: nearly a token each. */
const PER_IDEOGRAPH = 0.8;
const PER_PICTURE = 2;
/** Role and separators. */
const PER_MESSAGE = 4;

/** How many tokens a message of this text takes, before any correction. */
export function estimateTokens(text: string): number {
  let tokens = PER_MESSAGE;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) tokens += PER_ASCII;
    else if (code < 0x2e80) tokens += PER_LETTER;
    else tokens += code < 0x10000 ? PER_IDEOGRAPH : PER_PICTURE;
  }
  return Math.ceil(tokens);
}

/** In a short prompt what surrounds the texts, such as the form of the answer, outweighs them. */
const LEAST_TO_LEARN_FROM = 2_000;
const WEIGHT_OF_NEW = 0.3;
const [LOWEST, HIGHEST] = [0.5, 3];

/**
 * By how much the estimates of a chat have to be multiplied, learned from what the provider reported: a
 * chat keeps its language and its way of writing.
 */
export function learnRatio(
  known: number | undefined,
  { estimated, reported }: { readonly estimated: number; readonly reported: number },
): number | undefined {
  if (estimated < LEAST_TO_LEARN_FROM) return known;
  const seen = Math.min(Math.max(reported / estimated, LOWEST), HIGHEST);
  const ratio = known === undefined ? seen : known + (seen - known) * WEIGHT_OF_NEW;
  return Math.round(ratio * 1_000) / 1_000;
}
