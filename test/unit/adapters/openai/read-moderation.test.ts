import { describe, expect, it, test } from 'vitest';
import { asStopped, classifyModelError, UNMODERATED } from '#adapters/openai/model-failure.ts';
import { readResponse } from '#adapters/openai/read-response.ts';
import { responseRequest } from '#adapters/openai/response-request.ts';
import type { ModelRequest } from '#app/ports/reply-model.ts';
import type { Moderation } from '#domain/tenant/manners-settings.ts';
import { writeResponse } from '#local/model/response-body.ts';
import { readResponseRequest } from '#local/model/response-request.ts';

const REQUEST: ModelRequest = {
  model: 'gpt-6-luna',
  instructions: 'You answer for a bakery.',
  conversation: [{ role: 'customer', text: 'Hello' }],
  effort: 'minimal',
  maxOutputTokens: 800,
  safetyIdentifier: 'chat-1',
  cacheKey: 'bakery',
  moderation: 'off',
  timeoutMs: 20_000,
};

/** What the scripted model makes of our request, and we of its answer. */
function moderated(moderation: Moderation, flagged: readonly ('input' | 'output')[]) {
  const request = readResponseRequest(
    Buffer.from(JSON.stringify(responseRequest({ ...REQUEST, moderation }))),
  );
  const answer = { kind: 'text', text: 'Yes.', flagged } as const;
  const body = writeResponse({ request, answer, id: 'a', nowMs: 0, cachedTokens: 0 });
  return { body, reply: readResponse(body, moderation) };
}

describe('moderation', () => {
  it('is not asked for where the tenant wants none', () => {
    expect(responseRequest(REQUEST)).not.toHaveProperty('moderation');
    expect(moderated('off', ['input']).reply).toMatchObject({ kind: 'answer' });
  });

  it('is asked for in the same call', () => {
    expect(responseRequest({ ...REQUEST, moderation: 'block' })).toMatchObject({
      reasoning: { effort: 'minimal' },
      max_output_tokens: 800,
      moderation: {
        model: 'omni-moderation-latest',
        policy: { input: { mode: 'block' }, output: { mode: 'block' } },
      },
    });
  });

  test.each([[[]], [['input']], [['output']], [['input', 'output']]] as const)(
    'only counts what it flags: %j',
    (flagged) => {
      expect(moderated('score', flagged).reply).toMatchObject({ kind: 'answer', flagged });
    },
  );

  test.each(['input', 'output'] as const)('stops a flagged %s', (at) => {
    const { body, reply } = moderated('block', [at]);
    expect(body).toMatchObject({ status: 'incomplete' });
    expect(reply).toMatchObject({
      kind: 'failed',
      failure: { class: 'reply-anyway', code: `openai:moderation-${at}` },
      stopped: { by: 'moderation', at },
      usage: { inputTokens: expect.any(Number) },
    });
    // Also where the API leaves the decision to us.
    const open = { ...body, status: 'completed', incomplete_details: null };
    expect(readResponse(open, 'block')).toEqual(reply);
  });

  it('lets through what is not flagged', () => {
    expect(moderated('block', []).reply).toMatchObject({
      kind: 'answer',
      answer: { text: 'Yes.' },
    });
  });

  it('sends nothing that should have been looked at and was not', () => {
    const { body } = moderated('block', []);
    const error = { type: 'error', code: 'server_error', message: 'x' };
    for (const moderation of [null, undefined, { input: error, output: error }, {}]) {
      expect(readResponse({ ...body, moderation }, 'block')).toMatchObject({
        failure: UNMODERATED,
      });
      expect(readResponse({ ...body, moderation }, 'score')).toMatchObject({ flagged: [] });
    }
  });

  it('is found beside a message, where some versions of the API have it', () => {
    const result = { flagged: true };
    const message = { type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] };
    const body = {
      status: 'completed',
      output: [{ ...message, moderation: { input: { flagged: false }, output: result } }],
    };
    expect(readResponse(body, 'block')).toMatchObject({ stopped: { at: 'output' } });
  });

  it('stops what is filtered without a word, and what is refused before it is answered', () => {
    const filtered = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    expect(readResponse(filtered, 'block')).toMatchObject({ stopped: { at: 'output' } });
    expect(readResponse(filtered, 'off')).not.toHaveProperty('stopped');
    const refused = classifyModelError({
      status: 400,
      code: 'moderation_blocked',
      type: undefined,
    });
    expect(asStopped(refused)).toMatchObject({ stopped: { by: 'moderation', at: 'input' } });
    expect(
      readResponse({ status: 'failed', error: { code: 'content_policy_violation' } }),
    ).toMatchObject({ stopped: { by: 'moderation', at: 'input' } });
  });
});
