import { expect, test } from 'vitest';
import { guardPeers } from '#app/guard-peers.ts';
import type { SendResult } from '#app/ports/message-sender.ts';
import type { Failure } from '#domain/failure.ts';
import { parseTenantId, parseTurnId } from '#domain/ids.ts';
import { aChat, present, TENANT_ID } from '#test/support/builders.ts';
import { ScriptedSource, ScriptedTranscriber } from '#test/support/media-peers.ts';
import { modelFails, ScriptedModel, ScriptedSender } from '#test/support/peers.ts';
import { ManualClock, RecordingMetrics } from '#test/support/recorders.ts';

const OTHER_TENANT = present(parseTenantId('clinic'));

function somePeers() {
  const model = new ScriptedModel();
  const sender = new ScriptedSender();
  const clock = new ManualClock();
  const [source, transcriber] = [new ScriptedSource(), new ScriptedTranscriber()];
  const peers = { model, sender, source, transcriber };
  const metrics = new RecordingMetrics();
  const guarded = guardPeers(peers, { clock, metrics });
  function ask(name = 'gpt-6-luna') {
    return guarded.model.reply({
      model: name,
      instructions: '',
      conversation: [{ role: 'customer', text: 'hello' }],
      effort: 'low',
      maxOutputTokens: 3_000,
      safetyIdentifier: 'a chat',
      cacheKey: 'bakery',
      moderation: 'off',
      timeoutMs: 1_000,
    });
  }
  function send(tenantId = TENANT_ID) {
    const turnId = present(parseTurnId('1790400000000.0'));
    return guarded.sender.send({
      tenantId,
      recipient: { waId: aChat().contact, userId: undefined },
      text: 'hello',
      reference: { chat: aChat(), turnId, part: 0 },
      timeoutMs: 1_000,
    });
  }
  return { ...peers, clock, metrics, guarded, ask, send };
}

function refused(failure: Failure): () => SendResult {
  return () => ({ kind: 'refused', failure });
}

async function times(count: number, act: () => Promise<unknown>): Promise<void> {
  for (let each = 0; each < count; each += 1) await act();
}

test('a model that is down is left alone, and the other models are not', async () => {
  const { model, ask } = somePeers();
  model.next.push(
    ...Array.from({ length: 5 }, () => modelFails({ class: 'retry', code: 'openai:503' })),
  );
  await times(5, () => ask());
  expect(await ask()).toMatchObject({ kind: 'failed', isUntried: true });
  expect(model.requests).toHaveLength(5);
  expect(await ask('gpt-6.1-terra')).toMatchObject({ kind: 'answer' });
});

test('a model that refuses one conversation is asked about the next', async () => {
  const { model, ask } = somePeers();
  const refusal = modelFails({ class: 'reply-anyway', code: 'openai:refusal' });
  model.next.push(...Array.from({ length: 20 }, () => refusal));
  await times(20, () => ask());
  expect(await ask()).toMatchObject({ kind: 'answer' });
});

test.each([
  ['lost answers', (): SendResult => ({ kind: 'ambiguous', code: 'graph:timeout' })],
  ['throttling', refused({ class: 'retry', code: 'graph:130429' })],
])('a number with %s is left alone, and other tenants’ numbers are not', async (_, result) => {
  const { sender, guarded, send } = somePeers();
  sender.next.push(...Array.from({ length: 5 }, () => result));
  await times(5, () => send());
  expect(await send()).toMatchObject({ kind: 'refused', failure: { class: 'retry' } });
  expect(guarded.sendRefusal(TENANT_ID)).toMatchObject({ class: 'retry' });
  expect(await send(OTHER_TENANT)).toMatchObject({ kind: 'sent' });
});

test('a dead token shuts its tenant’s number at once, and opens it with the next send that works', async () => {
  const { sender, clock, guarded, send } = somePeers();
  sender.next.push(refused({ class: 'fix-needed', code: 'graph:190', remedy: 'token' }));
  await send();
  expect(guarded.sendRefusal(TENANT_ID)).toMatchObject({ code: 'graph:190', remedy: 'token' });
  expect(await send()).toMatchObject({ kind: 'refused', failure: { code: 'graph:190' } });
  clock.advance(31_000);
  expect(await send()).toMatchObject({ kind: 'sent' });
  expect(guarded.sendRefusal(TENANT_ID)).toBeUndefined();
});

test.each<Failure>([
  { class: 'retry', code: 'graph:131056', isOfThePair: true },
  { class: 'give-up-here', code: 'graph:131047' },
  { class: 'fix-needed', code: 'graph:http-403' },
])('what $code says of one message does not shut the number', async (failure) => {
  const { sender, send } = somePeers();
  sender.next.push(...Array.from({ length: 20 }, () => refused(failure)));
  await times(20, () => send());
  expect(await send()).toMatchObject({ kind: 'sent' });
});

test('a model that answers again is asked by everybody again', async () => {
  const { model, clock, ask } = somePeers();
  const down = modelFails({ class: 'retry', code: 'openai:503' });
  model.next.push(...Array.from({ length: 5 }, () => down));
  await times(5, () => ask());
  clock.advance(10_000);
  expect(await ask()).toMatchObject({ kind: 'answer' });
  expect(await Promise.all([ask(), ask(), ask()])).toMatchObject([
    { kind: 'answer' },
    { kind: 'answer' },
    { kind: 'answer' },
  ]);
  model.next.push(...Array.from({ length: 4 }, () => down));
  await times(4, () => ask());
  expect(await ask()).toMatchObject({ kind: 'answer' });
});

test('an account that may send nothing is left alone', async () => {
  const { sender, send } = somePeers();
  const failure = { class: 'fix-needed', code: 'graph:131042', isOfTheAccount: true } as const;
  sender.next.push(refused(failure));
  await send();
  expect(await send()).toMatchObject({ kind: 'refused', failure: { code: 'graph:131042' } });
  expect(sender.next).toEqual([]);
  expect(sender.delivered).toEqual([]);
});

test.each(['default', 'stage', 'model stage'])(
  'a tenant whose model is called %s holds up nobody who chose none',
  async (name) => {
    const { model, ask } = somePeers();
    const unknown = { class: 'fix-needed', code: 'openai:model_not_found' } as const;
    model.next.push(modelFails(unknown));
    await ask(name);
    expect(await ask()).toMatchObject({ kind: 'answer' });
  },
);

test('a token that Meta refuses is counted where Meta was asked, and nowhere else', async () => {
  const { sender, guarded, source, metrics, send } = somePeers();
  const revoked = { class: 'fix-needed', code: 'graph:190', remedy: 'token' } as const;
  sender.next.push(
    refused({ class: 'fix-needed', code: 'graph:131045' }),
    refused({ class: 'retry', code: 'graph:130429' }),
    refused(revoked),
  );
  await times(2, () => send());
  expect(metrics.of('TokensRefused')).toBe(0);
  await times(3, () => send());
  expect(metrics.of('TokensRefused')).toBe(1);
  source.next.push({ kind: 'failed', failure: revoked });
  await guarded.source.fetch({
    tenantId: OTHER_TENANT,
    phoneNumberId: aChat().phoneNumberId,
    mediaId: '1',
    sha256: undefined,
    mostBytes: 1,
    timeoutMs: 1,
  });
  expect(metrics.of('TokensRefused')).toBe(2);
});
