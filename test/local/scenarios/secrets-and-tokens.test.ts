import { availableParallelism } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { useScenario } from '#test/support/scenario.ts';
import { BAKERY, CLINIC, postWebhook, signatureOf, textWebhook } from '#test/support/webhooks.ts';

const scenario = useScenario(3);

const PLATFORM = { verifyTokens: ['local-verify-token'], openAiApiKey: 'local-openai-key' };
const NOW = 'local-app-secret';
const NEXT = 'the-next-app-secret';

// WhatsApp signs its statuses with the first app secret: here only we post.
beforeAll(() => scenario().simulator.deliverStatuses('lost'));

test('E1 row 36: an app secret is rotated, with an overlap', async () => {
  const { stack, simulator, customer } = scenario();
  const body = textWebhook(BAKERY, [{ id: 'wamid.ROTATION', from: customer(), text: 'Signed?' }]);
  const signedWith = async (secret: string) => {
    const headers = { 'x-hub-signature-256': signatureOf(body, secret) };
    return (await postWebhook(stack.url, body, headers)).status;
  };
  expect(await signedWith(NOW)).toBe(200);
  await simulator.putSecret('platform', { ...PLATFORM, appSecrets: [NEXT, NOW] });
  // Nothing is told of the new one, but a refused signature makes ingest look.
  expect(await signedWith(NEXT)).toBe(200);
  expect(await signedWith(NOW)).toBe(200);
  await simulator.putSecret('platform', { ...PLATFORM, appSecrets: [NEXT] });
  // A warm process may hold the old one for some minutes more; one that starts does not know it.
  await simulator.kill('ingest', 'all');
  expect(await signedWith(NOW)).toBe(401);
  expect(await signedWith(NEXT)).toBe(200);
  await simulator.putSecret('platform', { ...PLATFORM, appSecrets: [NOW] });
  await simulator.kill('ingest', 'all');
  expect(await signedWith(NOW)).toBe(200);
});

test('E1 row 37: Secrets Manager is down, with a warm and with a cold cache', async () => {
  const { simulator, customer, say, expectReplies } = scenario();
  const [warm, cold] = [customer(), customer()];
  const message = { id: 'wamid.COLD', timestamp: Math.floor(Date.now() / 1_000) };
  await warmUp(() => say(warm, 'Are you warm now?', { ...message, id: 'wamid.WARM' }));
  await expectReplies(warm, ['You said: Are you warm now?']);
  await simulator.fault('secretsmanager', 'status:500', 1_000);
  expect(await say(warm, 'Are you still warm?')).toBe(200);
  await expectReplies(warm, ['You said: Are you warm now?', 'You said: Are you still warm?']);
  await simulator.kill('ingest', 'all');
  await simulator.kill('processor', 'all');
  expect(await say(cold, 'Are you cold now?', message)).toBe(503);
  await simulator.clearFaults();
  expect(await say(cold, 'Are you cold now?', message)).toBe(200);
  await expectReplies(cold, ['You said: Are you cold now?']);
});

test('E1 row 33: a token is revoked, its messages wait, and the new one answers them', async () => {
  const { simulator, customer, say, quiet, expectReplies } = scenario();
  const [from, other] = [customer(), customer()];
  await simulator.replaceAccessTokens(BAKERY, ['the-new-token']);
  expect(await say(from, 'Is the token dead?')).toBe(200);
  const parked = () =>
    simulator.deadLetters().then((letters) => letters.map(({ reason }) => reason));
  await expect.poll(parked).toEqual(['token']);
  expect(await say(from, 'Is it dead still?')).toBe(200);
  expect(await say(other, 'Is it dead for all?')).toBe(200);
  await quiet();
  expect(new Set(await parked())).toEqual(new Set(['token']));
  // Another business is not concerned.
  await simulator.write(CLINIC, other, 'Does the clinic answer?');
  await expect.poll(() => simulator.textsTo(other)).toEqual(['You said: Does the clinic answer?']);

  await simulator.putSecret('bakery', { accessToken: 'the-new-token' });
  // As a deployment does: circuits and cached secrets are the processes'.
  await simulator.kill('processor', 'idle');
  await simulator.redrive('chat-dead-letters');
  // The first was thought of already, and paid for.
  await expectReplies(from, ['You said: Is the token dead?', 'You said: Is it dead still?']);
  await expectReplies(other, [
    'You said: Does the clinic answer?',
    'You said: Is it dead for all?',
  ]);
  expect(await simulator.deadLetters()).toEqual([]);
});

/** As many requests at once as ingest has processes, each slow enough to keep one busy. */
async function warmUp(post: () => Promise<number>): Promise<void> {
  const processes = 2 * availableParallelism();
  await scenario().simulator.fault('dynamodb', 'slow:1500', processes);
  const answers = await Promise.all(Array.from({ length: processes }, post));
  expect(new Set(answers)).toEqual(new Set([200]));
  await scenario().simulator.clearFaults();
}

test('E1 row 50: no number, text or secret in any log line of these scenarios', () => {
  expect(scenario().leaks()).toEqual([]);
});
