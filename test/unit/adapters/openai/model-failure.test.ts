import { describe, expect, it } from 'vitest';
import { classifyModelError } from '#adapters/openai/model-failure.ts';
import { readResponse } from '#adapters/openai/read-response.ts';

describe('an HTTP refusal', () => {
  it.each([
    [429, 'rate_limit_exceeded', 'requests', 'retry', 'openai:rate_limit_exceeded'],
    [429, 'slow_down', undefined, 'retry', 'openai:slow_down'],
    [429, undefined, undefined, 'retry', 'openai:429'],
    [
      429,
      'credit_balance_exhausted',
      'insufficient_quota',
      'fix-needed',
      'openai:credit_balance_exhausted',
    ],
    [429, 'a_new_code', 'insufficient_quota', 'fix-needed', 'openai:insufficient_quota'],
    [500, 'server_error', 'server_error', 'retry', 'openai:server_error'],
    [502, undefined, undefined, 'retry', 'openai:502'],
    [503, 'server_is_overloaded', undefined, 'retry', 'openai:server_is_overloaded'],
    [408, undefined, undefined, 'retry', 'openai:408'],
    [409, undefined, undefined, 'retry', 'openai:409'],
    [401, 'invalid_api_key', 'invalid_request_error', 'fix-needed', 'openai:invalid_api_key'],
    [401, undefined, undefined, 'fix-needed', 'openai:401'],
    [403, 'unsupported_country', undefined, 'fix-needed', 'openai:403'],
    [404, 'model_not_found', undefined, 'fix-needed', 'openai:model_not_found'],
    [
      400,
      'unsupported_parameter',
      'invalid_request_error',
      'fix-needed',
      'openai:unsupported_parameter',
    ],
    [400, 'context_length_exceeded', undefined, 'reply-anyway', 'openai:context_length_exceeded'],
    [400, 'something_else', undefined, 'reply-anyway', 'openai:400'],
    [418, undefined, undefined, 'fix-needed', 'openai:418'],
    [400, 'toString', 'constructor', 'reply-anyway', 'openai:400'],
  ])('%i with code %s and type %s is to %4$s', (status, code, type, failureClass, word) => {
    expect(classifyModelError({ status, code, type })).toMatchObject({
      class: failureClass,
      code: word,
    });
  });
});

/** Each word of the API reference whose class does not follow from its HTTP status. */
it.each([
  [429, 'organization_spend_limit_exceeded', 'fix-needed'],
  [429, 'project_spend_limit_exceeded', 'fix-needed'],
  [429, 'organization_usage_limit_exceeded', 'fix-needed'],
  [429, 'insufficient_quota', 'fix-needed'],
  [400, 'unknown_parameter', 'fix-needed'],
  [400, 'unsupported_value', 'fix-needed'],
  [400, 'data_residency_mismatch', 'fix-needed'],
  [429, 'bio_policy', 'reply-anyway'],
  [429, 'misalignment_policy_violation', 'reply-anyway'],
  [500, 'invalid_prompt', 'reply-anyway'],
  [400, 'rate_limit_exceeded', 'retry'],
  [400, 'server_error', 'retry'],
])('with %i the word %s decides: %s', (status, code, failureClass) => {
  const failure = classifyModelError({ status, code, type: undefined });
  expect(failure).toMatchObject({ class: failureClass, code: `openai:${code}` });
});

describe('a response with status 200', () => {
  const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] };

  it.each([
    [
      'a failure of theirs',
      { status: 'failed', error: { code: 'server_error' } },
      'retry',
      'server_error',
    ],
    [
      'a limit',
      { status: 'failed', error: { code: 'rate_limit_exceeded' } },
      'retry',
      'rate_limit_exceeded',
    ],
    [
      'a prompt they reject',
      { status: 'failed', error: { code: 'invalid_prompt' } },
      'reply-anyway',
      'invalid_prompt',
    ],
    [
      'the wrong region',
      { status: 'failed', error: { code: 'data_residency_mismatch' } },
      'fix-needed',
      'data_residency_mismatch',
    ],
    [
      'a new failure',
      { status: 'failed', error: { code: 'new_policy' } },
      'reply-anyway',
      'failed',
    ],
    [
      'half a reply',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      'reply-anyway',
      'incomplete_max_output_tokens',
    ],
    [
      'a filtered reply',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      'reply-anyway',
      'incomplete_content_filter',
    ],
    ['a refusal', { status: 'completed', output: [refusal] }, 'reply-anyway', 'refusal'],
    ['no words', { status: 'completed', output: [] }, 'reply-anyway', 'empty'],
    ['work in progress', { status: 'in_progress' }, 'retry', 'unreadable'],
    ['something else', 'hello', 'retry', 'unreadable'],
  ])('can hold %s', (_what, response, failureClass, code) => {
    expect(readResponse(response)).toMatchObject({
      kind: 'failed',
      failure: { class: failureClass, code: `openai:${code}` },
    });
  });

  it('is read past what is not words', () => {
    const output = [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [{ type: 'output_text', text: ' Two' }] },
      { type: 'message', content: [{ type: 'output_text', text: ' left. ' }, null] },
    ];
    expect(readResponse({ status: 'completed', output })).toMatchObject({
      answer: { text: 'Two left.' },
    });
  });
});
