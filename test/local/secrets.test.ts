import { expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';
import { BAKERY, postWebhook, signatureOf, textWebhook } from '#test/support/webhooks.ts';

const local = useLocalStack();

function concierge(args: readonly string[], input = '') {
  return runConcierge([...args, '--local', local().stack.url], {}, input);
}

let messages = 0;

/** A customer's message, signed as Meta would with this app secret. @returns the webhook's status */
async function post(secret: string): Promise<number> {
  messages += 1;
  const message = { id: `wamid.ROTATION${messages}`, from: '34600666001', text: 'Hello?' };
  const body = textWebhook(BAKERY, [message]);
  const signature = { 'x-hub-signature-256': signatureOf(body, secret) };
  return (await postWebhook(local().stack.url, body, signature)).status;
}

/** Posts as fast as it is answered, while something else goes on. */
async function postWhile(work: Promise<unknown>, secret: () => string): Promise<readonly number[]> {
  const statuses: number[] = [];
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  while (!isOver) statuses.push(await post(secret()));
  await ended;
  return statuses;
}

const [OLD, NEW] = ['local-app-secret', 'a-new-app-secret'] as const;

test('the app secret rotates while webhooks come, and none is refused; the old one is in the end', async () => {
  const { simulator, stack } = local();
  // Meta has it only after the reset, so it cannot be asked yet.
  const rotate = ['secret', 'rotate', 'app-secret', '--no-check', '--overlap', '1m'];
  const rotating = concierge(rotate, NEW);
  const before = await postWhile(rotating, () => OLD);
  const rotated = await rotating;
  expect(rotated).toMatchObject({ exitCode: 0, stderr: '' });
  await simulator.resetAppSecret(NEW);
  const age = concierge(['secret', 'show-age']);
  const after = await postWhile(age, () => (messages % 2 === 0 ? OLD : NEW));
  expect((await age).stdout).toMatch(/app-secret +\d+ s +2 /);
  expect(new Set([...before, ...after])).toEqual(new Set([200]));
  expect(before.length + after.length).toBeGreaterThan(20);

  const early = await concierge(['secret', 'rotate', 'app-secret', '--finish']);
  expect(early.exitCode).toBe(1);
  const finished = await concierge(['secret', 'rotate', 'app-secret', '--finish', '--force']);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  // A function that starts anew knows the new one only; others forget within five minutes.
  await expect
    .poll(async () => {
      await simulator.fault('lambda:ingest', 'kill');
      await post(OLD);
      return post(OLD);
    })
    .toBe(401);
  await simulator.clearFaults();
  expect(await post(NEW)).toBe(200);
  const written = [rotated, early, finished].map(({ stdout, stderr }) => stdout + stderr).join('');
  for (const secret of [OLD, NEW]) {
    expect(written + stack.functionLog().join('\n')).not.toContain(secret);
  }
});

test('messages behind a token that has ended are answered after a new one was put', async () => {
  const { simulator } = local();
  const about = { registered: true, subscribed: true, expires_in: 8 };
  const business = await simulator.business(about);
  const { phone_number_id: number, account_id: account } = business;
  const fields = [
    '--name',
    'Shop',
    '--number',
    number,
    '--fallback-text',
    'Later.',
    '--purpose',
    'Sales.',
  ];
  const rest = ['--instructions-file', 'README.md', '--burst-wait', 'none'];
  const added = await concierge(
    ['tenant', 'add', 'shop', ...fields, ...rest],
    business.access_token,
  );
  expect(added.exitCode, added.stdout + added.stderr).toBe(0);
  expect(added.stdout).toContain('warning  The token expires');
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  await simulator.write(number, '34600666002', 'Open?');
  await expect.poll(async () => (await simulator.deadLetters()).length).toBe(1);

  const next = await simulator.business({ account_id: account });
  const put = await concierge(
    ['secret', 'put', 'access-token', '--tenant', 'shop'],
    next.access_token,
  );
  expect(put.exitCode, put.stdout + put.stderr).toBe(0);
  const redrive = /npx concierge (dead-letters redrive --reason token) --local/.exec(
    put.stdout,
  )?.[1];
  expect(put.stdout).toContain('1 message of the tenant waits for a token');
  // The refused send made the function look for a new token, which it does every 30 seconds at most.
  await new Promise((resolve) => setTimeout(resolve, 31_000));
  const redriven = await concierge((redrive ?? '').split(' '));
  expect(redriven.exitCode, redriven.stderr).toBe(0);
  expect(await simulator.textsTo('34600666002')).toEqual(['You said: Open?']);
  for (const secret of [business.access_token, next.access_token]) {
    expect(added.stdout + put.stdout + put.stderr).not.toContain(secret);
  }
});
