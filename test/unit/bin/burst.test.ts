import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { burst } from '../../../bin/smoke/burst.ts';

/** Each webhook takes so long, and is answered so; by how many were sent before it. */
async function burstOf(answer: (index: number) => { status?: number; ms?: number }) {
  let sent = 0;
  let [running, most] = [0, 0];
  const bodies = new Set<string>();
  let nowMs = 0;
  const findings = await burst(
    { url: 'https://api.example.com', appSecret: 'app-secret' },
    {
      nowMs: () => nowMs,
      fetch: async (url, init) => {
        const { status = 200, ms = 20 } = answer(sent);
        sent += 1;
        running += 1;
        most = Math.max(most, running);
        bodies.add(`${url} ${new Headers(init?.headers).get('x-hub-signature-256')} ${init?.body}`);
        await Promise.resolve();
        nowMs += ms;
        running -= 1;
        if (status === 0) throw new TypeError('fetch failed');
        return new Response('', { status });
      },
    },
  );
  return { findings, sent, most, bodies };
}

it('is content where each is taken in time, and sends what leaves no trace', async () => {
  const { findings, sent, most, bodies } = await burstOf(() => ({ ms: 0 }));
  expect(findings.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual([
    'ok: 425 of 425 webhooks taken, 25 at once',
    'ok: half within 0 ms, of 500 allowed',
    'ok: 99 of 100 within 0 ms, of 1000 allowed',
  ]);
  expect({ sent, most }).toEqual({ sent: 425, most: 25 });
  const body = '{"object":"whatsapp_business_account","entry":[]}';
  const signature = createHmac('sha256', 'app-secret').update(body).digest('hex');
  expect([...bodies]).toEqual([`https://api.example.com/webhook sha256=${signature} ${body}`]);
});

it.each([
  [503, '424 of 425 webhooks taken, 25 at once; the others: 503'],
  [0, '424 of 425 webhooks taken, 25 at once; the others: no answer'],
])('fails for a single one that is not taken: %s', async (status, message) => {
  const { findings } = await burstOf((index) => ({ ms: 0, status: index === 200 ? status : 200 }));
  expect(findings.filter(({ verdict }) => verdict === 'failed')).toMatchObject([{ message }]);
});

it('fails what is slow, and forgives the first round, which starts the functions', async () => {
  const cold = await burstOf((index) => ({ ms: index < 25 ? 900 : 0 }));
  expect(cold.findings.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
  const slow = await burstOf((index) => ({ ms: index < 25 ? 0 : 100 }));
  expect(slow.findings.map(({ verdict }) => verdict)).toEqual(['ok', 'failed', 'failed']);
});
