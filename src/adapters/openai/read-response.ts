import type { ModelReply } from '#app/ports/reply-model.ts';
import type { Failure } from '#domain/failure.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { TokenUsage } from '#domain/money/model-cost.ts';
import { readAnswer } from './answer-format.ts';
import { classifyFailedResponse, UNREADABLE } from './model-failure.ts';

export interface FailedResponse {
  readonly kind: 'failed';
  readonly failure: Failure;
  readonly usage?: TokenUsage | undefined;
}

interface Said<Value> {
  readonly kind: 'said';
  readonly said: Value;
  readonly usage: TokenUsage | undefined;
}

/** A turn's answer. */
export function readResponse(response: unknown): ModelReply {
  const reply = readSaid(response, readAnswer);
  return reply.kind === 'said' ? { kind: 'answer', answer: reply.said, usage: reply.usage } : reply;
}

/**
 * A body of the Responses API that came with HTTP 200, which can still be a failure.
 * @param parse what the words say; undefined for what says nothing
 */
export function readSaid<Value>(
  response: unknown,
  parse: (text: string) => Value | undefined,
): Said<Value> | FailedResponse {
  if (!isObject(response)) return failed(UNREADABLE);
  switch (response['status']) {
    case 'completed':
      return readCompleted(response, parse);
    case 'failed':
      return failed(classifyFailedResponse(textAt(objectAt(response, 'error') ?? {}, 'code')));
    case 'incomplete': {
      const code = `openai:incomplete${reasonOf(response)}`;
      return failed({ class: 'reply-anyway', code }, readUsage(response));
    }
    default:
      return failed(UNREADABLE);
  }
}

function readCompleted<Value>(
  response: JsonObject,
  parse: (text: string) => Value | undefined,
): Said<Value> | FailedResponse {
  const content = listAt(response, 'output')
    .filter(isObject)
    .filter((item) => item['type'] === 'message')
    .flatMap((item) => listAt(item, 'content'))
    .filter(isObject);
  const text = content
    .filter((piece) => piece['type'] === 'output_text')
    .map((piece) => textAt(piece, 'text') ?? '')
    .join('');
  const said = parse(text);
  if (said !== undefined) return { kind: 'said', said, usage: readUsage(response) };
  const isRefusal = content.some((piece) => piece['type'] === 'refusal');
  const code = isRefusal ? 'openai:refusal' : 'openai:empty';
  return failed({ class: 'reply-anyway', code }, readUsage(response));
}

/** @returns undefined where it does not say */
function readUsage(response: JsonObject): TokenUsage | undefined {
  const usage = objectAt(response, 'usage');
  if (!usage) return undefined;
  const details = objectAt(usage, 'input_tokens_details') ?? {};
  return {
    inputTokens: numberAt(usage, 'input_tokens') ?? 0,
    cachedInputTokens: numberAt(details, 'cached_tokens') ?? 0,
    cacheWriteTokens: numberAt(details, 'cache_write_tokens'),
    outputTokens: numberAt(usage, 'output_tokens') ?? 0,
  };
}

/** Cut off in mid-sentence (`max_output_tokens`) or filtered: nothing that a customer should read. */
function reasonOf(response: JsonObject): string {
  const reason = textAt(objectAt(response, 'incomplete_details') ?? {}, 'reason');
  return reason && /^[a-z_]{1,40}$/.test(reason) ? `_${reason}` : '';
}

function failed(failure: Failure, usage?: TokenUsage | undefined): FailedResponse {
  return { kind: 'failed', failure, usage };
}
