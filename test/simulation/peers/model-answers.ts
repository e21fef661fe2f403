import {
  classifyModelError,
  DISCONNECTED,
  type ModelError,
  TIMED_OUT,
} from '#adapters/openai/model-failure.ts';
import { readResponse } from '#adapters/openai/read-response.ts';
import type { ModelReply } from '#app/ports/reply-model.ts';
import type { Failure, FailureClass } from '#domain/failure.ts';

/** A way in which the Responses API fails, and what its documentation says it means. */
export interface ModelAnswer {
  readonly means: FailureClass;
  readonly reply: () => ModelReply;
}

function http(means: FailureClass, error: ModelError): ModelAnswer {
  return { means, reply: () => failed(classifyModelError(error)) };
}

function body(means: FailureClass, response: unknown): ModelAnswer {
  return { means, reply: () => readResponse(response) };
}

/** As for a tenant that wants nothing sent that is flagged. */
function moderated(side: 'input' | 'output'): ModelAnswer {
  const moderation = {
    input: { flagged: side === 'input' },
    output: { flagged: side === 'output' },
  };
  const response = { status: 'completed', output: message('output_text', 'Oh!'), moderation };
  return { means: 'reply-anyway', reply: () => readResponse(response, 'block') };
}

function failed(failure: Failure): ModelReply {
  return { kind: 'failed', failure };
}

function status(code: number, word?: string, type?: string): ModelError {
  return { status: code, code: word, type };
}

export const MODEL_THROTTLES: readonly ModelAnswer[] = [
  http('retry', { ...status(429, 'rate_limit_exceeded', 'requests'), retryAfterMs: 2_000 }),
  http('retry', { ...status(429, 'rate_limit_exceeded', 'tokens'), retryAfterMs: 120_000 }),
  http('retry', status(429, 'slow_down')),
  http('retry', status(429)),
];

export const MODEL_ERRORS: readonly ModelAnswer[] = [
  http('retry', status(500, undefined, 'server_error')),
  http('retry', status(502)),
  http('retry', status(503, 'server_is_overloaded')),
  http('retry', status(504)),
  http('retry', status(408)),
  { means: 'retry', reply: () => failed(DISCONNECTED) },
  http('fix-needed', status(401, 'invalid_api_key')),
  http('fix-needed', status(401)),
  http('fix-needed', status(403)),
  http('fix-needed', status(404, 'model_not_found')),
  http('fix-needed', status(429, 'credit_balance_exhausted', 'insufficient_quota')),
  http('fix-needed', status(429, 'insufficient_quota', 'insufficient_quota')),
  http('reply-anyway', status(400, 'context_length_exceeded')),
  http('reply-anyway', status(400)),
  body('retry', { status: 'failed', error: { code: 'rate_limit_exceeded' } }),
  body('retry', { status: 'failed', error: { code: 'server_error' } }),
  body('reply-anyway', { status: 'failed', error: { code: 'invalid_prompt' } }),
  body('reply-anyway', { status: 'failed' }),
  body('reply-anyway', {
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: message('output_text', 'Half a sen'),
  }),
  body('reply-anyway', { status: 'completed', output: message('refusal', 'I cannot') }),
  body('reply-anyway', { status: 'completed', output: [] }),
  body('reply-anyway', { status: 'completed', output: message('output_text', '  ') }),
  moderated('input'),
  moderated('output'),
  // Our own look at it keeps it back.
  { means: 'reply-anyway', reply: () => completed('The key is sk-proj-abcdefghijklmnopqrst.') },
  body('retry', '<html>'),
  body('retry', { status: 'cancelled' }),
];

export const MODEL_TIMEOUT: ModelAnswer = { means: 'retry', reply: () => failed(TIMED_OUT) };

function message(type: string, text: string): unknown {
  return [{ type: 'message', content: [{ type, text, refusal: text }] }];
}

/** An answer as the API gives it when all is well. */
export function completed(text: string, fields: object = {}): ModelReply {
  return readResponse({
    status: 'completed',
    output: message('output_text', JSON.stringify({ text, ...fields })),
    usage: { input_tokens: 900, output_tokens: 60 },
  });
}
