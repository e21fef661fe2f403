import { describe, expect, test } from 'vitest';
import { classifyModelError } from '#adapters/openai/model-failure.ts';
import { classifySendError } from '#adapters/whatsapp/send-failure.ts';
import { reportSecretAge } from '#app/report-secret-age.ts';
import { commandMessage } from '#domain/conversation/command.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import type { JsonObject } from '#domain/json.ts';
import { aChat, aMessage, aParking, aTextMessage } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';
import { modelFails } from '#test/support/peers.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

function graphSays(status: number, code: number) {
  return () => classifySendError(status, { error: { code } }, undefined);
}

describe('sends that are refused', () => {
  test.each([
    ['waited for', 429, 130_429, 'SendsToRetry'],
    ['given up', 400, 131_047, 'SendsGivenUp'],
    ['left to the operator', 400, 131_031, 'SendsNeedingFix'],
  ] as const)('are counted by what is done: %s', async (_, status, code, metric) => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('hello'));
    world.sender.next.push(graphSays(status, code));
    await world.answer();
    const names = ['SendsToRetry', 'SendsGivenUp', 'SendsNeedingFix'] as const;
    expect(names.filter((name) => world.metrics.of(name) > 0)).toEqual([metric]);
    expect(world.metrics.of('SendsRefused')).toBe(1);
  });
});

describe('what the model answers', () => {
  test('is counted where it is an answer, beside what fails', async () => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('hello'));
    world.model.next.push(modelFails({ class: 'retry', code: 'openai:503' }));
    await world.answer();
    await world.answer();
    expect(world.metrics.of('ModelFailures')).toBe(1);
    expect(world.metrics.of('ModelAnswers')).toBe(1);
  });

  test.each([
    ['money is missing', { status: 429, code: 'insufficient_quota' }, 1],
    ['somebody’s limit is reached', { status: 429, code: 'project_spend_limit_exceeded' }, 1],
    ['the model is gone', { status: 404, code: 'model_not_found' }, 0],
    ['the key is revoked', { status: 401, code: 'invalid_api_key' }, 0],
  ])('where %s, is told apart from what else makes it unusable', async (_, error, times) => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('hello'));
    world.model.next.push(modelFails(classifyModelError({ type: undefined, ...error })));
    await world.answer();
    expect(world.metrics.of('ModelUnusable')).toBe(1);
    expect(world.metrics.of('ModelQuotaExhausted')).toBe(times);
  });
});

/** As the alarm reconciliation-gap does. */
function comeOut({ metrics }: ChatWorld): number {
  const out = ['MessagesFinished', 'MessagesRecorded', 'MessagesErased', 'MessagesParked'] as const;
  return out.reduce((sum, name) => sum + metrics.of(name), 0) - metrics.of('MessagesReopened');
}

describe('what was accepted', () => {
  test('has gone out once it is answered or recorded', async () => {
    const world = new ChatWorld();
    await world.accept(
      aTextMessage('hello'),
      aMessage({ type: 'reaction', reaction: { message_id: 'wamid.OUT1', emoji: '👍' } }),
    );
    await world.answer();
    await world.answer();
    expect([...world.outcomes()].sort()).toEqual(['answered', 'recorded']);
    expect(comeOut(world)).toBe(2);
  });

  test('goes out once more when the operator has it tried again', async () => {
    const world = new ChatWorld();
    const message = aTextMessage('hello');
    await world.accept(message);
    world.tenant = undefined;
    await world.answer();
    expect(comeOut(world)).toBe(1);
    world.tenant = new ChatWorld().tenant;
    await world.answer(aChat(), { rung: [inboundKey(message)] });
    expect(world.outcomes()).toEqual(['answered']);
    expect(world.metrics.of('MessagesReopened')).toBe(1);
    expect(comeOut(world)).toBe(1);
  });

  test('goes out once more when a person gives the chat back without an answer', async () => {
    const world = new ChatWorld();
    const order = async (kind: 'take' | 'release') => {
      const id = `c-${kind}`;
      await world.accept(
        commandMessage(aChat(), { kind, by: 'ana' }, { id, atMs: world.clock.now() }),
      );
      world.clock.advance(2_000);
      await world.answer();
    };
    await order('take');
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    await world.accept(aTextMessage('hello', { timestamp }));
    world.clock.advance(2_000);
    await world.answer();
    expect(world.outcomes()).toEqual(['handed-over']);
    expect(comeOut(world)).toBe(1);
    await order('release');
    world.clock.advance(2_000);
    await world.answer();
    expect(world.outcomes()).toEqual(['answered']);
    expect(world.metrics.of('MessagesReopened')).toBe(1);
    expect(comeOut(world)).toBe(1);
  });

  test('has not been dealt with where a bug of ours parked it', async () => {
    const world = new ChatWorld();
    const message = aTextMessage('hello');
    await world.accept(message);
    world.model.reply = async () => {
      throw new TypeError('a bug');
    };
    await world.process([aRing(message)]);
    await world.process([aRing(message, { receiveCount: 2 })]);
    expect(world.outcomes()).toEqual(['parked']);
    expect(world.metrics.of('MessagesBroken')).toBe(1);
  });

  test('is no bug of ours where a configuration is missing', async () => {
    const world = new ChatWorld();
    await world.accept(aTextMessage('hello'));
    world.tenant = 'misconfigured';
    await world.answer();
    expect(world.metrics.of('MessagesParked')).toBe(1);
    expect(world.metrics.of('MessagesBroken')).toBe(0);
    expect(aParking('token').class).toBe('fix-needed');
  });
});

describe('the age of the platform’s secret', () => {
  const clock = new ManualClock();
  const daysAgo = (days: number) => new Date(clock.now() - days * 86_400_000);

  async function reported(fields: JsonObject | undefined) {
    const metrics = new RecordingMetrics();
    const log = new RecordingLog();
    const changedAtMs = daysAgo(7).getTime();
    const readSecret = async () => fields && { fields, changedAtMs };
    await reportSecretAge({ readSecret, clock, log, metrics });
    return { gauges: metrics.gauges, events: log.lines.map(({ event }) => event) };
  }

  const values = { appId: '1', appSecrets: ['a'], verifyTokens: ['b'], openAiApiKey: 'c' };

  test('is that of its oldest value', async () => {
    const times = {
      appId: { changedAt: daysAgo(900).toISOString() },
      appSecrets: { changedAt: daysAgo(200).toISOString() },
      verifyTokens: { changedAt: daysAgo(20).toISOString() },
    };
    expect((await reported({ ...values, times })).gauges).toEqual([['PlatformSecretAge', 200]]);
  });

  test('is that of the whole where all was put by hand', async () => {
    expect((await reported(values)).gauges).toEqual([['PlatformSecretAge', 7]]);
  });

  test.each([
    ['there is none', undefined],
    ['it is empty', {}],
  ])('is not told where %s', async (_, fields) => {
    const { gauges, events } = await reported(fields);
    expect(gauges).toEqual([]);
    expect(events).toEqual(['secret_age_unknown']);
  });
});
