import { type JsonObject, textAt } from '#domain/json.ts';
import type { ResponseRequest } from './response-request.ts';

/** OpenAI caches a prompt from so many tokens on, and in steps of so many. */
const LEAST_TOKENS = 1_024;
const STEP_TOKENS = 128;
/** Four bytes a token: near enough for English, and the same on every run. */
const BYTES_PER_TOKEN = 4;
const MOST_KEPT = 200;

export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** The provider's prompt cache: what a prompt has in common with the beginning of one of before. */
export class PromptCache {
  readonly #prompts = new Map<string, string[]>();

  /** How many of the request's tokens were there already; from now on all of them are. */
  read(request: ResponseRequest): number {
    const prompt = promptOf(request);
    const key = keyOf(request.body);
    const known = this.#prompts.get(key) ?? [];
    const common = Math.max(0, ...known.map((each) => commonLength(each, prompt)));
    const tokens = Math.floor(tokensIn(prompt.slice(0, common)) / STEP_TOKENS) * STEP_TOKENS;
    this.#prompts.set(key, [...known, prompt].slice(-MOST_KEPT));
    return tokens < LEAST_TOKENS ? 0 : tokens;
  }
}

export function promptOf({ instructions, input }: ResponseRequest): string {
  return [instructions ?? '', ...input.map(({ text }) => text)].join('\n');
}

function keyOf(body: JsonObject): string {
  return `${textAt(body, 'model')} ${textAt(body, 'prompt_cache_key')}`;
}

/** By halves: letter by letter, two hundred long prompts would take milliseconds of every answer. */
function commonLength(one: string, other: string): number {
  let length = 0;
  let differs = Math.min(one.length, other.length) + 1;
  while (differs - length > 1) {
    const middle = Math.floor((length + differs) / 2);
    if (one.slice(length, middle) === other.slice(length, middle)) length = middle;
    else differs = middle;
  }
  return length;
}
