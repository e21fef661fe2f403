import type { OpenAI } from 'openai';
import type { ModelRequest } from '#app/ports/reply-model.ts';
import type { PromptMessage } from '#domain/conversation/prompt.ts';
import { ANSWER_FORMAT } from './answer-format.ts';

/** Data comes with the customer's own weight: an instruction in it is as good as one in their message. */
const ROLES: Readonly<Record<PromptMessage['role'], 'user' | 'assistant'>> = {
  customer: 'user',
  data: 'user',
  assistant: 'assistant',
  person: 'assistant',
};

/** The request of a turn. Nothing is stored at OpenAI: what it has to know is sent each time. */
export function responseRequest({
  model,
  instructions,
  conversation,
  effort,
  maxOutputTokens,
  safetyIdentifier,
  cacheKey,
  moderation,
}: ModelRequest): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return {
    model,
    instructions,
    input: conversation.map(({ role, text }) => ({
      role: ROLES[role],
      content: text,
    })),
    store: false,
    reasoning: { effort },
    text: { format: ANSWER_FORMAT },
    max_output_tokens: maxOutputTokens,
    safety_identifier: safetyIdentifier,
    prompt_cache_key: cacheKey,
    ...(moderation !== 'off' && { moderation: moderationOf(moderation) }),
  };
}

const MODERATION_MODEL = 'omni-moderation-latest';

function moderationOf(mode: 'score' | 'block'): OpenAI.Responses.ResponseCreateParams.Moderation {
  return { model: MODERATION_MODEL, policy: { input: { mode }, output: { mode } } };
}
