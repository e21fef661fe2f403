import type { ModelReply, Moderated, Stopped } from '#app/ports/reply-model.ts';
import type { Failure } from '#domain/failure.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { TokenUsage } from '#domain/money/model-cost.ts';
import type { Moderation } from '#domain/tenant/manners-settings.ts';
import { readAnswer } from './answer-format.ts';
import { asStopped, classifyFailedResponse, UNMODERATED, UNREADABLE } from './model-failure.ts';
import { readModeration } from './read-moderation.ts';

export interface FailedResponse {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** Nothing failed: moderation stopped it. */
  readonly stopped?: Stopped | undefined;
  readonly usage?: TokenUsage | undefined;
}

interface Said<Value> {
  readonly kind: 'said';
  readonly said: Value;
  readonly usage: TokenUsage | undefined;
}

/** A turn's answer, unless moderation has flagged it, or what it answers, for a tenant that wants no such. */
export function readResponse(response: unknown, moderation: Moderation = 'off'): ModelReply {
  const reply = readUnmoderated(response);
  if (moderation === 'off' || !isObject(response)) return reply;
  const { flagged, isWhole } = readModeration(response);
  if (moderation === 'score') return reply.kind === 'answer' ? { ...reply, flagged } : reply;
  const [at] = flagged;
  if (at !== undefined) return stoppedBy(at, response);
  // Not documented is how a blocked answer looks: this is what a filtered one always looked like.
  if (isFiltered(response)) return stoppedBy('output', response);
  return reply.kind === 'answer' && !isWhole ? failed(UNMODERATED, reply.usage) : reply;
}

function readUnmoderated(response: unknown): ModelReply {
  const reply = readSaid(response, readAnswer);
  return reply.kind === 'said' ? { kind: 'answer', answer: reply.said, usage: reply.usage } : reply;
}

function stoppedBy(at: Moderated, response: JsonObject): ModelReply {
  const failure = {
    class: 'reply-anyway',
    code: `openai:moderation-${at}`,
    mayHaveCost: true,
  } as const;
  const stopped = { by: 'moderation', at } as const;
  return { kind: 'failed', failure, stopped, usage: readUsage(response) };
}

function isFiltered(response: JsonObject): boolean {
  return response['status'] === 'incomplete' && reasonOf(response) === '_content_filter';
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
      return asStopped(classifyFailedResponse(textAt(objectAt(response, 'error') ?? {}, 'code')));
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
