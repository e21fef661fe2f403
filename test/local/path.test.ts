import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { BAKERY, CLINIC, postWebhook, textWebhook, VERIFY_TOKEN } from '#test/support/webhooks.ts';

const local = useLocalStack();

const PHONE = '34699888777';
/** A wamid holds the number like this. */
const IN_WAMIDS = Buffer.from(PHONE).toString('base64').slice(0, 14);

test('a message written on the phone is answered on the phone', async () => {
  const { simulator } = local();
  await simulator.write(BAKERY, '34600111001', 'Do you have rye bread? 🍞');
  await expect
    .poll(() => simulator.textsTo('34600111001'))
    .toEqual(['You said: Do you have rye bread? 🍞']);
});

test('a webhook posted to the deployed route is answered through the Graph API', async () => {
  const { simulator, stack } = local();
  const message = { id: 'wamid.PATH1', from: '34600111002', text: 'hello' };
  const answer = await postWebhook(stack.url, textWebhook(CLINIC, [message]));
  expect(answer.status).toBe(200);
  await expect.poll(() => simulator.textsTo('34600111002')).toEqual(['You said: hello']);
  const [sent] = (await simulator.sent()).filter(({ body }) => body.to === '+34600111002');
  expect(sent).toMatchObject({ phone_number_id: CLINIC, body: { messaging_product: 'whatsapp' } });
});

test('messages of several numbers and customers in one body are each answered in their own chat', async () => {
  const { simulator, stack } = local();
  const bodies = [BAKERY, CLINIC].map((number) =>
    JSON.parse(
      textWebhook(number, [
        { id: `wamid.${number}.A`, from: '34600111003', text: `to ${number} from A` },
        { id: `wamid.${number}.B`, from: '34600111004', text: `to ${number} from B` },
      ]),
    ),
  );
  const body = JSON.stringify({ ...bodies[0], entry: bodies.flatMap(({ entry }) => entry) });
  expect((await postWebhook(stack.url, body)).status).toBe(200);
  const expected = [BAKERY, CLINIC].map((number) => `You said: to ${number} from A`);
  await expect
    .poll(async () => [...(await simulator.textsTo('34600111003'))].sort())
    .toEqual(expected);
});

test('the customer sees the reply delivered and read', async () => {
  const { simulator } = local();
  await simulator.write(BAKERY, '34600111005', 'ticks?');
  await expect
    .poll(async () => JSON.stringify(await simulator.transcript(BAKERY, '34600111005')))
    .toMatch(/"read"/);
});

test('a status webhook finds its bubble', async () => {
  const { simulator } = local();
  await expect.poll(async () => (await simulator.metrics())['StatusesMerged']).toBeGreaterThan(2);
  expect((await simulator.metrics())['StatusesUnmatched'] ?? 0).toBe(0);
});

test('Meta can verify the address', async () => {
  const { stack } = local();
  const query = `hub.mode=subscribe&hub.challenge=4402918375&hub.verify_token=${VERIFY_TOKEN}`;
  const answer = await fetch(`${stack.url}/webhook?${query}`);
  expect([answer.status, await answer.text()]).toEqual([200, '4402918375']);
  expect((await fetch(`${stack.url}/webhook?${query}x`)).status).toBe(403);
});

test('health tells of each thing that the stack stands on', async () => {
  const { stack } = local();
  expect((await fetch(`${stack.url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${stack.url}/readyz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ready: true,
    checks: [
      { name: 'platform-secret', ok: true },
      { name: 'tenants-table', ok: true },
      { name: 'conversations-table', ok: true },
      { name: 'chat-queue', ok: true },
      { name: 'events-queue', ok: true },
      { name: 'jobs-queue', ok: true },
    ],
  });
});

test('a path that the template does not have is not there', async () => {
  const { stack } = local();
  expect((await fetch(`${stack.url}/admin`)).status).toBe(404);
  expect((await fetch(`${stack.url}/webhook`, { method: 'DELETE' })).status).toBe(404);
});

test('a message to a number that nobody has is parked with its reason', async () => {
  const { simulator, stack } = local();
  const message = { id: 'wamid.NOBODY', from: '34600111006', text: 'anyone?' };
  const answer = await postWebhook(stack.url, textWebhook('100000000000009', [message]));
  expect(answer.status).toBe(200);
  await expect
    .poll(async () => JSON.stringify(await simulator.deadLetters()))
    .toContain('unknown-phone-number');
});

test('the canary is answered by the model, and nothing is sent to anybody', async () => {
  const { simulator, stack } = local();
  const sent = (await simulator.sent()).length;
  const asked = await simulator.modelRequests();
  expect(await simulator.run('canary')).toBe('returned');
  expect(await simulator.metrics()).toMatchObject({ CanaryRuns: 1, CanaryFailures: 0 });
  expect(await simulator.modelRequests()).toBe(asked + 1);
  expect(await simulator.sent()).toHaveLength(sent);
  // Its `wamid.…` is one of nobody's.
  expect(stack.functionLog().filter((line) => line.includes('wamid.canary'))).toEqual([]);
});

test('no text, number or token is in any log line', async () => {
  const { simulator, stack } = local();
  await simulator.write(BAKERY, PHONE, 'a very private matter');
  await expect.poll(() => simulator.textsTo(PHONE)).toHaveLength(1);
  const log = stack.functionLog();
  expect(log.length).toBeGreaterThan(0);
  for (const secret of ['very private', PHONE, IN_WAMIDS, 'local-token', 'local-app-secret']) {
    expect(log.filter((line) => line.includes(secret))).toEqual([]);
  }
});
