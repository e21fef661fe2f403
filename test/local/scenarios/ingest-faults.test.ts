import { beforeAll, expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, postWebhook, signatureOf, textWebhook } from '#test/support/webhooks.ts';

const scenario = useScenario(2);

// Faults of the tables and queues are to meet ingest, and not the status webhooks of earlier replies.
beforeAll(() => scenario().simulator.deliverStatuses('lost'));

const BODY = textWebhook(BAKERY, [{ id: 'wamid.FORGED', from: '34600200001', text: 'let me in' }]);
const RIGHT = signatureOf(BODY);

test.each([
  ['bad', signatureOf(BODY, 'another secret')],
  ['missing', undefined],
  ['too short', RIGHT.slice(0, -1)],
  ['too long', `${RIGHT}0`],
  ['in upper case', `sha256=${RIGHT.slice(7).toUpperCase()}`],
  ['of another kind', `sha1=${RIGHT.slice(7, 47)}`],
])('E1 row 8: a signature that is %s', async (_, signature) => {
  const { stack, simulator, quiet, grown } = scenario();
  const before = await simulator.metrics();
  const headers = { 'x-hub-signature-256': signature, 'x-hub-signature': RIGHT };
  expect((await postWebhook(stack.url, BODY, headers)).status).toBe(401);
  await quiet();
  await expect
    .poll(() => grown(before, ['MessagesAccepted', 'SignaturesRejected']))
    .toEqual({
      MessagesAccepted: 0,
      SignaturesRejected: signature === undefined ? 0 : 1,
    });
});

test('E1 row 9: a body that is not the signed one, byte for byte', async () => {
  const { stack, customer, expectReplies } = scenario();
  const from = customer();
  const body = textWebhook(BAKERY, [{ id: 'wamid.BYTES', from, text: '¿Qué hay, 友達 👩‍🍳?' }]);
  const escaped = body.replace(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  for (const other of [escaped, `${body} `, body.replace('wamid.BYTES', 'wamid.BYTEZ')]) {
    const headers = { 'x-hub-signature-256': signatureOf(body) };
    expect((await postWebhook(stack.url, other, headers)).status).toBe(401);
  }
  // Meta escapes whatever is not ASCII; both spellings are right if they are what was signed.
  expect((await postWebhook(stack.url, escaped)).status).toBe(200);
  expect((await postWebhook(stack.url, body)).status).toBe(200);
  await expectReplies(from, ['You said: ¿Qué hay, 友達 👩‍🍳?']);
});

test.each([
  ['3 MB', padded(3 * 1024 * 1024), 200],
  ['well over 3 MB', padded(3 * 1024 * 1024 + 512 * 1024), 413],
  ['6 MB', padded(6 * 1024 * 1024), 413],
  ['nesting without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
  ['names that pollute', '{"__proto__":{"entry":[]},"constructor":{"prototype":1}}', 200],
  ['no JSON', 'entry', 400],
])('E1 row 10: a body of %s', async (_, body, status) => {
  const { stack } = scenario();
  expect((await postWebhook(stack.url, body)).status).toBe(status);
  expect((await fetch(`${stack.url}/healthz`)).status).toBe(200);
});

test('E1 row 13: the table throttles while a webhook comes in', async () => {
  const { simulator, customer, quiet, expectReplies, grown } = scenario();
  await quiet();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.fault('dynamodb', 'throttle', 8);
  await simulator.write(BAKERY, from, 'Is the table down?');
  await expectReplies(from, ['You said: Is the table down?']);
  await expect
    .poll(async () => (await grown(before, ['WebhooksNotTaken'])).WebhooksNotTaken)
    .toBeGreaterThan(0);
  await expect
    .poll(async () => (await grown(before, ['MessagesAccepted'])).MessagesAccepted)
    .toBe(1);
});

test('E1 row 13: the table is down while a webhook comes in', async () => {
  const { simulator, customer, quiet, expectReplies } = scenario();
  await quiet();
  const from = customer();
  await simulator.fault('dynamodb', 'status:503', 8);
  await simulator.write(BAKERY, from, 'Is it still down?');
  await expectReplies(from, ['You said: Is it still down?']);
});

test.each([
  ['the queue refuses the ring', 'status:500'],
  ['the queue takes the ring and its answer is lost', 'reset-after-effect'],
])('E1 row 14: the message is in the inbox, and %s', async (_, fault) => {
  const { simulator, customer, expectReplies, grown } = scenario();
  const before = await simulator.metrics();
  const from = customer();
  await simulator.fault('sqs', fault, 3);
  await simulator.write(BAKERY, from, 'Does the bell ring?');
  await expectReplies(from, ['You said: Does the bell ring?']);
  await expect
    .poll(async () => (await grown(before, ['MessagesAccepted'])).MessagesAccepted)
    .toBe(1);
});

test.each([
  ['before', 'kill-caller', 0],
  ['after', 'kill-caller-after-effect', 1],
])('E1 row 15: ingest dies %s the write, before its 200', async (_, fault, duplicates) => {
  const { simulator, customer, say, quiet, faultsMet, expectReplies, grown } = scenario();
  await quiet();
  const before = await simulator.metrics();
  const from = customer();
  const message = { id: `wamid.CRASH.${fault}`, timestamp: Math.floor(Date.now() / 1_000) };
  await simulator.fault('dynamodb', fault);
  expect(await say(from, 'Did you hear me?', message)).toBeGreaterThanOrEqual(500);
  await faultsMet();
  expect(await say(from, 'Did you hear me?', message)).toBe(200);
  await expectReplies(from, ['You said: Did you hear me?']);
  await expect
    .poll(async () => (await grown(before, ['MessagesDuplicate'])).MessagesDuplicate)
    .toBe(duplicates);
});

test('E1 row 47: 300 webhooks at once, and no process is warm', async () => {
  const { simulator, customer, say, quiet, grown } = scenario();
  await quiet();
  const before = await simulator.metrics();
  await simulator.kill('ingest', 'all');
  await simulator.kill('processor', 'all');
  const people = Array.from({ length: 300 }, customer);
  const answers = await Promise.all(people.map((from) => say(from, `Is that you, ${from}?`)));
  expect(new Set(answers)).toEqual(new Set([200]));
  const sent = () => simulator.sent().then((calls) => calls.filter(({ wamid }) => wamid !== null));
  const replies = async () => {
    const texts = (await sent()).map(({ body }) => body.text?.body ?? '');
    return texts.filter((text) => text.includes('Is that you')).toSorted();
  };
  await expect
    .poll(async () => (await replies()).length, { timeout: 90_000, interval: 500 })
    .toBe(people.length);
  await quiet();
  expect(await replies()).toEqual(people.map((from) => `You said: Is that you, ${from}?`));
  await expect
    .poll(async () => (await grown(before, ['MessagesAccepted'])).MessagesAccepted)
    .toBe(people.length);
});

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});

/** A body of exactly so many bytes in which nothing happens. */
function padded(bytes: number): string {
  const frame = JSON.stringify({ object: 'whatsapp_business_account', entry: [], padding: '' });
  return frame.replace('"padding":""', `"padding":"${'x'.repeat(bytes - frame.length)}"`);
}
