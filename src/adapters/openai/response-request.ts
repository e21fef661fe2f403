import type { OpenAI } from 'openai';
import type { ModelRequest } from '#app/ports/reply-model.ts';
import { MOST_OUTPUT_TOKENS } from '#domain/money/model-cost.ts';

/** The request of a turn. Nothing is stored at OpenAI: what it has to know is sent each time. */
export function responseRequest({
  model,
  instructions,
  conversation,
  safetyIdentifier,
  cacheKey,
}: ModelRequest): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return {
    model,
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
