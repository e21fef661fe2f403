import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import type { PromptMessage } from '#domain/conversation/prompt.ts';
import type { ModelAnswer } from '#local/model/model-answer.ts';

export interface ModelStage {
  readonly model: ReplyModel;
  readonly peer: ModelPeer;
  close(): Promise<void>;
}

/** Whoever gives the model its words. */
interface ModelPeer {
  /** From now on every request gets this answer; undefined: some text. */
  answerWith(answer: ModelAnswer | undefined): void;
  /** From now on no request arrives, or all do again. */
  setDown(isDown: boolean): void;
  /** Every request that arrived, in order. */
  received(): readonly ReceivedRequest[];
}

interface ReceivedRequest {
  readonly model: string | undefined;
  readonly instructions: string | undefined;
  readonly conversation: readonly PromptMessage[];
  readonly safetyIdentifier: string | undefined;
  readonly cacheKey: string | undefined;
}

const REQUEST: ModelRequest = {
  model: 'gpt-6.1-terra',
  instructions: 'You answer for a bakery.',
  conversation: [
    { role: 'customer', text: 'Any bread left? 👋🏽' },
    { role: 'assistant', text: 'Yes.' },
    { role: 'customer', text: 'How many?' },
    { role: 'customer', text: 'And cake?' },
  ],
  effort: 'low',
  maxOutputTokens: 3_000,
  safetyIdentifier: 'chat-1',
  cacheKey: 'bakery',
  moderation: 'off',
  timeoutMs: 20_000,
};

const FAILURES: readonly (readonly [string, ModelAnswer, string])[] = [
  ['a rate limit', { kind: 'error', status: 429 }, 'retry'],
  ['a server error', { kind: 'error', status: 500 }, 'retry'],
  ['an overload', { kind: 'error', status: 503 }, 'retry'],
  ['a response that failed on their side', { kind: 'failed', code: 'server_error' }, 'retry'],
  ['an account without money', { kind: 'insufficient-quota' }, 'fix-needed'],
  ['a refused key', { kind: 'error', status: 401 }, 'fix-needed'],
  ['a model that is not there', { kind: 'error', status: 404 }, 'fix-needed'],
  ['a request that it cannot take', { kind: 'error', status: 400 }, 'reply-anyway'],
  ['a forbidden prompt', { kind: 'failed', code: 'invalid_prompt' }, 'reply-anyway'],
  ['a refusal', { kind: 'refusal', text: 'I cannot say.' }, 'reply-anyway'],
  [
    'half a sentence',
    { kind: 'incomplete', reason: 'max_output_tokens', text: 'There are' },
    'reply-anyway',
  ],
  ['a filter', { kind: 'incomplete', reason: 'content_filter', text: 'There' }, 'reply-anyway'],
  [
    'an answer without words',
    { kind: 'calls', calls: [{ name: 'count', arguments: '{}' }] },
    'reply-anyway',
  ],
];

/** What the language model promises, whichever it is. */
export function describeReplyModel(name: string, makeStage: () => Promise<ModelStage>): void {
  describe(name, () => {
    let stage: ModelStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    beforeEach(() => {
      stage.peer.answerWith(undefined);
      stage.peer.setDown(false);
    });
    afterAll(() => stage?.close());

    it('is asked for with the whole conversation, and under its two names', async () => {
      await stage.model.reply(REQUEST);
      const { timeoutMs: _t, effort: _e, maxOutputTokens: _m, moderation: _n, ...asked } = REQUEST;
      expect(stage.peer.received().at(-1)).toMatchObject(asked);
    });

    it('gives a text with what it cost', async () => {
      const reply = await stage.model.reply(REQUEST);
      const usage = expect.objectContaining({
        inputTokens: expect.any(Number),
        cachedInputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
      });
      const answer = expect.objectContaining({ text: expect.stringMatching(/\S/) });
      expect(reply).toEqual({ kind: 'answer', answer, usage });
      if (!reply.usage) return;
      const { inputTokens, cachedInputTokens, outputTokens } = reply.usage;
      expect(inputTokens).toBeGreaterThan(0);
      expect(outputTokens).toBeGreaterThan(0);
      expect(cachedInputTokens).toBeLessThanOrEqual(inputTokens);
    });

    it.each(FAILURES)(
      'answers %s with a failure that says what helps',
      async (_, answer, wanted) => {
        stage.peer.answerWith(answer);
        const reply = await stage.model.reply(REQUEST);
        const code = expect.stringMatching(/^[a-z]+:[\w-]+$/);
        expect(reply).toMatchObject({ kind: 'failed', failure: { class: wanted, code } });
      },
    );

    it('passes on how long a rate limit asks us to wait', async () => {
      stage.peer.answerWith({ kind: 'error', status: 429 });
      const reply = await stage.model.reply(REQUEST);
      expect(reply).toMatchObject({ failure: { retryAfterMs: expect.any(Number) } });
    });

    it('answers a broken connection with a failure that time heals', async () => {
      stage.peer.setDown(true);
      const reply = await stage.model.reply(REQUEST);
      expect(reply).toMatchObject({ kind: 'failed', failure: { class: 'retry' } });
      stage.peer.setDown(false);
      expect(await stage.model.reply(REQUEST)).toMatchObject({ kind: 'answer' });
    });
  });
}

/**
 * What only a model with an API before it promises: the simulated one has no settings of its own, and
 * its words are the simulation's.
 */
export function describeModelApi(name: string, makeStage: () => Promise<ModelStage>): void {
  describe(`${name}: the API`, () => {
    let stage: ModelStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('is asked for the model that was chosen', async () => {
      await stage.model.reply({ ...REQUEST, model: 'gpt-6-sol' });
      expect(stage.peer.received().at(-1)?.model).toBe('gpt-6-sol');
    });

    it('gives its words, and no others', async () => {
      const text = 'Ünïcode 👋🏽\n"quoted"';
      stage.peer.answerWith({ kind: 'text', text });
      expect(await stage.model.reply(REQUEST)).toMatchObject({ kind: 'answer', answer: { text } });
    });
  });
}
