import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_FORMAT } from '#adapters/openai/answer-format.ts';
import { OpenAiReplyModel } from '#adapters/openai/open-ai-reply-model.ts';
import type { ModelRequest } from '#app/ports/reply-model.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { plainAnswer } from '#domain/conversation/answer.ts';
import {
  halfAnAnswer,
  json,
  reset,
  silence,
  startLoopbackPeer,
} from '#test/support/loopback-peer.ts';

const REQUEST: ModelRequest = {
  model: 'gpt-6-luna',
  instructions: 'You answer for a bakery.',
  conversation: [
    { role: 'customer', text: 'Any bread left?' },
    { role: 'assistant', text: 'Yes.' },
    { role: 'customer', text: 'How many?' },
  ],
  effort: 'low',
  maxOutputTokens: 3_000,
  safetyIdentifier: 'chat-1',
  cacheKey: 'bakery',
  moderation: 'off',
  timeoutMs: 20_000,
};

const ANSWER = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  output: [
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Two.' }] },
  ],
  usage: { input_tokens: 30, input_tokens_details: { cached_tokens: 10 }, output_tokens: 2 },
};

function anError(code: string, type = 'invalid_request_error') {
  return { error: { message: 'An outside message', type, code, param: null } };
}

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

/** A model whose key is the first one, until it is refreshed. */
function aModel(keys: (string | undefined)[] = ['key-1']) {
  const left = [...keys];
  return new OpenAiReplyModel({
    baseUrl: `${peer.url}/v1`,
    secrets: {
      platform: async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: left[0] }),
      refreshPlatform: async () => left.length > 1 && left.shift() !== undefined,
    },
  });
}

describe('a reply', () => {
  it('comes with what it cost', async () => {
    peer.answerWith(json(200, ANSWER));
    expect(await aModel().reply(REQUEST)).toEqual({
      kind: 'answer',
      answer: plainAnswer('Two.'),
      usage: { inputTokens: 30, cachedInputTokens: 10, outputTokens: 2 },
    });
  });

  it('is asked for with the whole conversation, and nothing is stored', async () => {
    peer.answerWith(json(200, ANSWER));
    await aModel().reply(REQUEST);
    expect(peer.requests).toMatchObject([
      { method: 'POST', path: '/v1/responses', headers: { authorization: 'Bearer key-1' } },
    ]);
    expect(peer.requests[0]?.body).toEqual({
      model: 'gpt-6-luna',
      instructions: 'You answer for a bakery.',
      input: [
        { role: 'user', content: 'Any bread left?' },
        { role: 'assistant', content: 'Yes.' },
        { role: 'user', content: 'How many?' },
      ],
      store: false,
      reasoning: { effort: 'low' },
      text: { format: ANSWER_FORMAT },
      max_output_tokens: 3_000,
      safety_identifier: 'chat-1',
      prompt_cache_key: 'bakery',
    });
  });

  it('comes from the model that the tenant chose', async () => {
    peer.answerWith(json(200, ANSWER));
    await aModel().reply({ ...REQUEST, model: 'gpt-6.1-terra' });
    expect(peer.requests[0]?.body.model).toBe('gpt-6.1-terra');
  });
});

describe('a passing failure', () => {
  it.each([
    ['a server error', json(500, anError('server_error', 'server_error'))],
    ['a bad gateway', json(502, 'an HTML page')],
  ])('is tried once more after %s', async (_what, failure) => {
    peer.answerWith(failure, json(200, ANSWER));
    expect(await aModel().reply(REQUEST)).toMatchObject({ kind: 'answer' });
    peer.answerWith(failure);
    expect(await aModel().reply(REQUEST)).toMatchObject({ failure: { class: 'retry' } });
    expect(peer.requests).toHaveLength(2);
  });

  it('is not repeated where there are too many requests, however the API says so', async () => {
    peer.answerWith(json(429, 'an HTML page'), json(200, ANSWER));
    expect(await aModel().reply(REQUEST)).toMatchObject({ failure: { code: 'openai:429' } });
    expect(peer.requests).toHaveLength(1);
  });

  it('is not repeated where the connection broke: the answer may have been written, and charged for', async () => {
    peer.answerWith(reset, json(200, ANSWER));
    expect(await aModel().reply(REQUEST)).toMatchObject({
      failure: { class: 'retry', code: 'openai:connection', mayHaveCost: true },
    });
    expect(peer.requests).toHaveLength(1);
  });

  it('is left to the queue where the API asks for a wait', async () => {
    peer.answerWith(json(429, anError('rate_limit_exceeded', 'requests'), { 'retry-after': '20' }));
    expect(await aModel().reply(REQUEST)).toEqual({
      kind: 'failed',
      failure: { class: 'retry', code: 'openai:rate_limit_exceeded', retryAfterMs: 20_000 },
    });
    expect(peer.requests).toHaveLength(1);
  });

  it.each([
    ['says nothing', silence],
    ['stops in the middle', halfAnAnswer],
  ])('ends with the time when the API %s', async (_what, answer) => {
    peer.answerWith(answer);
    expect(await aModel().reply({ ...REQUEST, timeoutMs: 150 })).toEqual({
      kind: 'failed',
      failure: { class: 'retry', code: 'openai:timeout', mayHaveCost: true },
    });
    expect(peer.requests).toHaveLength(1);
  });

  it('is a refused connection', async () => {
    const gone = await startLoopbackPeer();
    await gone.close();
    const model = new OpenAiReplyModel({
      baseUrl: gone.url,
      secrets: {
        platform: async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: 'key-1' }),
        refreshPlatform: async () => false,
      },
    });
    const reply = await model.reply(REQUEST);
    expect(reply).toMatchObject({ failure: { code: 'openai:no-connection' } });
    expect(reply).not.toMatchObject({ failure: { mayHaveCost: true } });
  });

  it('is an answer that is not JSON', async () => {
    peer.answerWith((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>');
    });
    expect(await aModel().reply(REQUEST)).toMatchObject({ failure: { code: 'openai:unreadable' } });
  });
});

describe('the API key', () => {
  it('is fetched again when the API refuses it', async () => {
    peer.answerWith(json(401, anError('invalid_api_key')), json(200, ANSWER));
    expect(await aModel(['key-1', 'key-2']).reply(REQUEST)).toMatchObject({ kind: 'answer' });
    expect(peer.requests.map((request) => request.headers.authorization)).toEqual([
      'Bearer key-1',
      'Bearer key-2',
    ]);
  });

  it('is a matter for the operator when it was fetched just now', async () => {
    peer.answerWith(json(401, anError('invalid_api_key')));
    expect(await aModel().reply(REQUEST)).toMatchObject({ failure: { class: 'fix-needed' } });
    expect(peer.requests).toHaveLength(1);
  });

  it('is a matter for the operator when there is none', async () => {
    peer.answerWith(json(200, ANSWER));
    expect(await aModel([undefined]).reply(REQUEST)).toEqual({
      kind: 'failed',
      failure: { class: 'fix-needed', code: 'openai:no-api-key' },
    });
    expect(peer.requests).toEqual([]);
  });

  it.each([
    ['time', 'retry'],
    ['operator', 'fix-needed'],
  ] as const)('that cannot be read and needs %s is to %s', async (needs, failureClass) => {
    const model = new OpenAiReplyModel({
      baseUrl: peer.url,
      secrets: {
        platform: () => Promise.reject(new SecretUnavailableError('No', { needs })),
        refreshPlatform: async () => false,
      },
    });
    expect(await model.reply(REQUEST)).toMatchObject({ failure: { class: failureClass } });
  });
});
