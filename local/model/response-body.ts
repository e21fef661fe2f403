import type { SpokenAnswer } from './model-answer.ts';
import { isBlocked, moderationOf, type Side } from './moderation.ts';
import { inFormat } from './output-format.ts';
import { promptOf, tokensIn } from './prompt-cache.ts';
import type { ResponseRequest } from './response-request.ts';

export interface ResponseBodyInit {
  readonly request: ResponseRequest;
  readonly answer: SpokenAnswer;
  /** Unique part of the ids. */
  readonly id: string;
  readonly nowMs: number;
  /** Of the prompt's tokens, those that came from the cache. */
  readonly cachedTokens: number;
}

/** The `response` object of OpenAI's Responses API. */
export function writeResponse({
  request,
  answer,
  id,
  nowMs,
  cachedTokens,
}: ResponseBodyInit): object {
  const { body } = request;
  const createdAt = Math.floor(nowMs / 1_000);
  const flagged = flagsOf(answer);
  const isStopped = isBlocked(request, flagged);
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: createdAt,
    completed_at: answer.kind === 'failed' ? null : createdAt,
    status: isStopped ? 'incomplete' : statusOf(answer),
    background: false,
    error:
      answer.kind === 'failed'
        ? { code: answer.code, message: 'The model failed to answer.' }
        : null,
    incomplete_details: isStopped
      ? { reason: 'content_filter' }
      : answer.kind === 'incomplete'
        ? { reason: answer.reason }
        : null,
    instructions: request.instructions ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    metadata: body['metadata'] ?? {},
    model: request.model,
    moderation: moderationOf(request, flagged),
    output: isStopped ? [] : outputOf(request, answer, id),
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' } },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: 'disabled',
    usage: usageOf(request, answer, cachedTokens),
  };
}

function flagsOf(answer: SpokenAnswer): readonly Side[] {
  return answer.kind === 'text' ? (answer.flagged ?? []) : [];
}

function statusOf(answer: SpokenAnswer): string {
  switch (answer.kind) {
    case 'failed':
    case 'incomplete':
      return answer.kind;
    case 'text':
    case 'refusal':
    case 'calls':
      return 'completed';
  }
}

function outputOf({ body }: ResponseRequest, answer: SpokenAnswer, id: string): readonly object[] {
  switch (answer.kind) {
    case 'failed':
      return [];
    case 'text': {
      const said = inFormat(body, answer.text, answer.fields);
      return [messageItem(id, 'completed', textPart(said))];
    }
    case 'incomplete':
      return [messageItem(id, 'incomplete', textPart(answer.text))];
    case 'refusal':
      return [messageItem(id, 'completed', { type: 'refusal', refusal: answer.text })];
    case 'calls':
      return answer.calls.map((call, index) => ({
        id: `fc_${id}_${index}`,
        type: 'function_call',
        status: 'completed',
        call_id: `call_${id}_${index}`,
        ...call,
      }));
  }
}

function messageItem(id: string, status: string, part: object): object {
  return { id: `msg_${id}`, type: 'message', status, role: 'assistant', content: [part] };
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function usageOf(request: ResponseRequest, answer: SpokenAnswer, cachedTokens: number): object {
  const inputTokens = tokensIn(promptOf(request));
  const outputTokens = 'text' in answer ? tokensIn(answer.text) : 0;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cache_write_tokens: 0, cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
