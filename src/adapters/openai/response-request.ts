import type { OpenAI } from 'openai';
import type { ModelRequest } from '#app/ports/reply-model.ts';

/** Reasoning included. A text that fills a bubble (4,096 characters) needs about half of it. */
const MOST_OUTPUT_TOKENS = 3_000;

/** The request of a turn. Nothing is stored at OpenAI: what it has to know is sent each time. */
export function responseRequest(
  { model, instructions, conversation, safetyIdentifier, cacheKey }: ModelRequest,
  defaultModel: string,
): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return {
    model: model ?? defaultModel,
    instructions,
    input: conversation.map(({ role, text }) => ({
      role: role === 'customer' ? 'user' : 'assistant',
      content: text,
    })),
    store: false,
    reasoning: { effort: 'low' },
    max_output_tokens: MOST_OUTPUT_TOKENS,
    safety_identifier: safetyIdentifier,
    prompt_cache_key: cacheKey,
  };
}
