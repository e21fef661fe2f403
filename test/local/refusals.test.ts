import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { BAKERY, postWebhook, signatureOf, textWebhook } from '#test/support/webhooks.ts';

const BODY = textWebhook(BAKERY, [{ id: 'wamid.REFUSED', from: '34600222001', text: 'let me in' }]);
const HUGE = `{"a":"${'x'.repeat(6 * 1024 * 1024)}"}`;

const local = useLocalStack();

test.each([
  ['a bad signature', BODY, signatureOf(BODY, 'wrong'), 401],
  ['a signature of the wrong length', BODY, signatureOf(BODY).slice(0, -1), 401],
  ['no signature', BODY, undefined, 401],
  ['upper-case hex', BODY, `sha256=${signatureOf(BODY).slice(7).toUpperCase()}`, 401],
  ['a changed byte', BODY.replace('let', 'Let'), signatureOf(BODY), 401],
  ['a body of 6 MB', HUGE, signatureOf(HUGE), 413],
  ['deep nesting', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'own', 400],
  ['what is not JSON', 'nonsense', 'own', 400],
  ['JSON that is not an object', '[1,2]', 'own', 400],
])('refuses %s without a word', async (_, body, signature, status) => {
  const { stack } = local();
  const header = signature === 'own' ? signatureOf(body) : signature;
  const answer = await postWebhook(stack.url, body, { 'x-hub-signature-256': header });
  expect(answer.status).toBe(status);
  expect(await answer.text()).not.toMatch(/ at |Error|sha256=/);
});

test('names like __proto__ do no harm and are kept', async () => {
  const { stack } = local();
  const body = `{"__proto__":{"polluted":true},"entry":[{"__proto__":{"changes":[]},"id":"1","changes":[{"field":"__proto__","value":{"constructor":1}}]}]}`;
  expect((await postWebhook(stack.url, body)).status).toBe(200);
  expect((await fetch(`${stack.url}/healthz`)).status).toBe(200);
});

test('nothing of what was refused is stored or answered', async () => {
  const { simulator } = local();
  await simulator.write(BAKERY, '34600222002', 'after all that');
  await expect.poll(() => simulator.textsTo('34600222002')).toHaveLength(1);
  expect(await simulator.textsTo('34600222001')).toEqual([]);
  expect((await simulator.metrics())['MessagesAccepted']).toBe(1);
});
