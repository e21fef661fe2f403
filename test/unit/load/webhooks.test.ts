import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isSignedBy } from '#adapters/whatsapp/webhook-signature.ts';
import { isObject } from '#domain/json.ts';
import { readDeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { readLedger } from '../../../load/ledger/ledger.ts';
import { tallyOf } from '../../../load/ledger/tally.ts';
import type { Post, Side } from '../../../load/scenarios/scenario.ts';
import { METRICS } from '../../../load/scenarios/script.ts';
import { asEnvironment } from '../../../load/senders/orders.ts';
import { fillIn, type Request, writeDown } from '../../../load/senders/sender.ts';
import { answersIn } from '../../../load/targets/read-answers.ts';

const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
const numbers = { any: ['100000000000001', '100000000000002'], noisy: ['7'], quiet: ['8'] };
const SECRET = 'of-the-stage';

beforeAll(() => {
  const orders = asEnvironment({ appSecret: SECRET, numbers, ledger: folder });
  for (const [name, value] of Object.entries(orders)) vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

let requests = 0;

async function post(webhook: Post & { readonly side?: Side }, context = { vars: {} }) {
  requests += 1;
  const request: Request = { uuid: `request-${requests}`, webhook: { side: 'any', ...webhook } };
  const events: [string, string, number][] = [];
  const emit = (kind: string, name: string, value: number) => events.push([kind, name, value]);
  await fillIn(request, context, { emit });
  const { body = '', headers = {} } = request;
  const json: unknown = JSON.parse(body);
  const answer = (statusCode: number) =>
    writeDown(request, { statusCode, timings: { phases: { firstByte: 12, tcp: 2 } } }, context, {
      emit,
    });
  return {
    body,
    events,
    answer,
    isSigned: isSignedBy(Buffer.from(body), headers['x-hub-signature-256'], [SECRET]),
    content: readWebhook(isObject(json) ? json : {}),
  };
}

describe('what is sent', () => {
  it('is the message of another customer each time, signed as Meta signs', async () => {
    const sent = await Promise.all([1, 2, 3].map(() => post({ kind: 'message' })));
    for (const { isSigned, content } of sent) {
      expect(isSigned).toBe(true);
      expect(content.messages).toHaveLength(1);
      expect(content.events).toEqual([]);
    }
    const chats = sent.map(({ content }) => JSON.stringify(content.messages[0]?.chat));
    expect(new Set(chats).size).toBe(3);
    expect(chats.join()).toContain('100000000000001');
    expect(chats.join()).toContain('100000000000002');
    // As WhatsApp takes it for a recipient.
    for (const { content } of sent) {
      expect(content.messages[0]?.chat.contact).toMatch(/^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/);
    }
  });

  it('comes of one customer while one sender sends, each message another, and once more the same bytes', async () => {
    const context = { vars: {} };
    const first = await post({ kind: 'message' }, context);
    const second = await post({ kind: 'message' }, context);
    const again = await post({ kind: 'again' }, context);
    const [one, other] = [first, second].map(({ content }) => content.messages[0]);
    expect(one?.chat).toEqual(other?.chat);
    expect(one?.wamid).not.toBe(other?.wamid);
    expect(again.body).toBe(second.body);
    expect(again.isSigned).toBe(true);
  });

  it('are statuses that speak of a bubble in the sender’s chat', async () => {
    const context = { vars: {} };
    const written = await post({ kind: 'message' }, context);
    const { content } = await post({ kind: 'status' }, context);
    expect(content.messages).toEqual([]);
    expect(content.events.map(({ kind }) => kind)).toEqual(['status']);
    const status = readDeliveryStatus(content.events[0]?.payload);
    expect(status?.reference.chat).toEqual(written.content.messages[0]?.chat);
  });

  it('is a batch of as many customers and statuses as are wanted, within 3 MB', async () => {
    const { content, body } = await post({ kind: 'batch', messages: 200, statuses: 800 });
    expect(content.messages).toHaveLength(200);
    expect(content.events).toHaveLength(800);
    expect(new Set(content.messages.map(({ chat }) => chat.contact)).size).toBe(200);
    expect(Buffer.byteLength(body)).toBeLessThan(3_000_000);
  });

  it('is signed wrongly in four ways, and never by chance rightly', async () => {
    const forged = await Promise.all([1, 2, 3, 4].map(() => post({ kind: 'forged' })));
    expect(forged.map(({ isSigned }) => isSigned)).toEqual([false, false, false, false]);
  });

  it('goes to the side that is wanted', async () => {
    const { content } = await post({ kind: 'message', side: 'quiet' });
    expect(content.messages[0]?.chat.phoneNumberId).toBe('8');
  });
});

it('writes down what was sent and how it was answered, and tells artillery', async () => {
  const before = tallyOf(readLedger(folder));
  const context = { vars: {} };
  const message = await post({ kind: 'message' }, context);
  await message.answer(200);
  await (await post({ kind: 'again' }, context)).answer(200);
  const forged = await post({ kind: 'forged' });
  await forged.answer(401);
  const refused = await post({ kind: 'status' });
  await refused.answer(503);
  const after = tallyOf(readLedger(folder));
  expect(after.webhooks - before.webhooks).toBe(4);
  expect(after.taken.size - before.taken.size).toBe(1);
  expect(after.duplicates - before.duplicates).toBe(1);
  expect(after.refused - before.refused).toBe(1);
  expect(after.acknowledgedMs.slice(-1)).toEqual([10]);
  expect(message.events).toEqual([
    ['counter', METRICS.sent, 1],
    ['counter', METRICS.right, 0],
    ['counter', METRICS.right, 1],
    ['histogram', METRICS.acknowledgement, 10],
  ]);
  expect(forged.events.map(([, name]) => name)).not.toContain(METRICS.acknowledgement);
  expect(refused.events.filter(([, , value]) => value === 1)).toHaveLength(1);
});

it('finds in transcripts which message was answered, how often and after how long', () => {
  const line = (direction: string, at: number, text: string) => ({ direction, at, text });
  const { times, afterMs } = answersIn([
    {
      messages: [
        line('in', 10, 'load-ab-1: does it?'),
        line('in', 20, 'load-ab-12: does it?'),
        line('out', 110, 'You said: load-ab-1: does it? / load-ab-12: does it?'),
        line('out', 500, 'You said: load-ab-1: does it?'),
      ],
    },
  ]);
  expect([...times]).toEqual([
    ['load-ab-1', 2],
    ['load-ab-12', 1],
  ]);
  expect([...afterMs.values()]).toEqual([100, 90]);
});
