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

const NO_IMAGES: ReadonlyMap<string, Uint8Array> = new Map();

/** Images go along as what they are: nothing of them is left at OpenAI. */
function inputOf(
  { role, text, images: shown = [] }: PromptMessage,
  images: ReadonlyMap<string, Uint8Array>,
): OpenAI.Responses.EasyInputMessage {
  const pictures = shown.flatMap(({ key, type }) => {
    const bytes = images.get(key);
    if (!bytes) return [];
    const image_url = `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
    // `low` would make a receipt unreadable.
    return [{ type: 'input_image', detail: 'high', image_url } as const];
  });
  if (pictures.length === 0) return { role: ROLES[role], content: text };
  return { role: ROLES[role], content: [{ type: 'input_text', text }, ...pictures] };
}

/** The request of a turn. Nothing is stored at OpenAI: what it has to know is sent each time. */
export function responseRequest({
  model,
  instructions,
  conversation,
  images = NO_IMAGES,
  effort,
  maxOutputTokens,
  safetyIdentifier,
  cacheKey,
  moderation,
}: ModelRequest): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return {
    model,
    instructions,
    input: conversation.map((message) => inputOf(message, images)),
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
