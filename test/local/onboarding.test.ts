import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useLocalStack } from '#test/support/local-stack.ts';
import { runConcierge } from '#test/support/operator.ts';

const local = useLocalStack();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onboarding-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function concierge(args: readonly string[], input = '') {
  return runConcierge([...args, '--local', local().stack.url], {}, input);
}

function businessFile(id: string, phoneNumberId: string): string {
  return file(
    `${id}.yaml`,
    `id: ${id}
name: Flower Shop
numbers:
  - phoneNumberId: ${phoneNumberId}
instructions: You answer for a flower shop.
fallbackText: We will get back to you.
manners:
  purpose: Sales.
burstWait: none
`,
  );
}

test('a business comes from nothing to an answered message by one command', async () => {
  const { simulator, stack } = local();
  const { phone_number_id: number, access_token: token } = await simulator.business({});
  const yaml = businessFile('flowers', number);
  const early = await concierge(['tenant', 'add', '--file', yaml], token);
  expect(early.exitCode).toBe(1);
  expect(early.stdout).toContain('The number is not registered');
  expect(early.stdout).toContain('Our app does not get the webhooks');

  const cures = ['--subscribe', '--register'];
  const added = await concierge(['tenant', 'add', '--file', yaml, ...cures], token);
  expect(added).toMatchObject({ exitCode: 0, stderr: '' });
  expect(added.stdout).toContain(`Callback URL    ${stack.url}/webhook`);
  for (const secret of [token, 'local-app-secret', 'local-verify-token']) {
    expect(early.stdout + early.stderr + added.stdout).not.toContain(secret);
  }
  await simulator.write(number, '34600555001', 'Roses?');
  await expect.poll(() => simulator.textsTo('34600555001')).toEqual(['You said: Roses?']);

  const healthy = await concierge(['doctor', '--json']);
  expect(healthy.exitCode, healthy.stdout).toBe(0);
  expect(JSON.parse(healthy.stdout)).toMatchObject({ failed: 0, warnings: 0 });
  expect(healthy.stdout).not.toContain(token);

  const shown = await concierge(['tenant', 'show', 'flowers']);
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toContain('concierge/dev/tenant/flowers');
  const listed = await concierge(['tenant', 'list', '--json']);
  const { tenants } = JSON.parse(listed.stdout);
  expect(tenants.map(({ id }: { id: string }) => id)).toEqual(['bakery', 'clinic', 'flowers']);

  const removed = await concierge(['tenant', 'remove', 'flowers']);
  expect(removed.exitCode).toBe(2);
  expect((await concierge(['tenant', 'remove', 'flowers', '--yes'])).exitCode).toBe(0);
  expect((await concierge(['tenant', 'show', 'flowers'])).exitCode).toBe(1);
  const again = await concierge(['tenant', 'add', '--file', yaml], token);
  expect(again).toMatchObject({ exitCode: 0, stderr: '' });
  expect(stack.functionLog().join('\n')).not.toContain(token);
});

test('a business that went through Embedded Signup is connected and answered', async () => {
  const { simulator } = local();
  const { phone_number_id: number, account_id: account } = await simulator.business({});
  const code = await simulator.signUp(account);
  const fields = [
    '--name',
    'Signed Up',
    '--fallback-text',
    'Later.',
    '--purpose',
    'Sales.',
    '--burst-wait',
    'none',
  ];
  const rest = ['--instructions-file', file('how.txt', 'You answer for a shop.')];
  const connect = ['tenant', 'connect', 'signed-up', '--account', account];
  const connected = await concierge([...connect, ...fields, ...rest], code);
  expect(connected).toMatchObject({ exitCode: 0, stderr: '' });
  expect(connected.stdout).not.toContain(code);
  await simulator.write(number, '34600555002', 'Anybody?');
  await expect.poll(() => simulator.textsTo('34600555002')).toEqual(['You said: Anybody?']);
  const again = await concierge(connect, code);
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain('The code has been used before');
});

test('a business without money left tells its customers once, and keeps what they write', async () => {
  const { simulator } = local();
  const business = await simulator.business({ registered: true, subscribed: true });
  const { phone_number_id: number, access_token: token } = business;
  const yaml = businessFile('thrifty', number);
  const limits = ['--budget-per-day', '0.000001', '--limit-text', 'Tomorrow again.'];
  const added = await concierge(['tenant', 'add', '--file', yaml, ...limits], token);
  expect(added).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^concierge: warning: budget\.perDay is 0\.000001, .*\n$/),
  });
  for (const text of ['Lilies?', 'Hello?']) {
    await simulator.write(number, '34600555003', text);
    await expect.poll(() => simulator.textsTo('34600555003')).toEqual(['Tomorrow again.']);
  }
  const outcomes = async () => {
    const args = ['chat', 'show', '34600555003', '--tenant', 'thrifty', '--json'];
    return (await concierge(args)).stdout.match(/"outcome":"limited"/g)?.length;
  };
  await expect.poll(outcomes).toBe(2);
  const flagged = await concierge(['chat', 'list', '--tenant', 'thrifty', '--flagged']);
  expect(flagged.stdout).toContain('limited');

  const spend = await concierge(['spend', 'show', '--tenant', 'thrifty', '--json']);
  const [{ today, byKind }] = JSON.parse(spend.stdout).spend;
  expect(today.budget).toBe(0.000_001);
  expect(byKind.model).toBeUndefined();
  expect((await simulator.metrics())['TenantBudgetStops']).toBeGreaterThanOrEqual(2);
});

test('wrong input is refused with its exit code, and changes nothing', async () => {
  const { simulator } = local();
  const business = await simulator.business({ registered: true, subscribed: true });
  const weak = await simulator.business({ scopes: ['whatsapp_business_messaging'] });
  const token = file('token.txt', business.access_token);
  const good = businessFile('garden', business.phone_number_id);
  const taken = businessFile('thief', '100000000000001');
  const broken = file(
    'broken.yaml',
    'id: Bad Id\nnmae: X\nnumbers:\n  - phoneNumberId: "+34 600"\n',
  );
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [['--file', broken, '--token-file', token], 2, 'nmae: unknown key (did you mean name?)'],
    [['--file', join(folder, 'none.yaml'), '--token-file', token], 2, 'there is no such file'],
    [['--file', good, '--token-file', join(folder, 'none')], 2, 'there is no such file'],
    [['--file', good], 2, 'Standard input is empty'],
    [['--file', taken, '--token-file', token], 1, 'is taken by tenant bakery'],
    [['--file', good, `--token=${business.access_token}`], 2, 'Values are never given'],
  ];
  for (const [args, exitCode, words] of cases) {
    const refused = await concierge(['tenant', 'add', ...args]);
    expect(refused.exitCode, words).toBe(exitCode);
    expect(refused.stderr).toContain(words);
    expect(refused.stderr + refused.stdout).not.toContain(business.access_token);
  }
  const lacking = businessFile('weak', weak.phone_number_id);
  const refused = await concierge(['tenant', 'add', '--file', lacking], weak.access_token);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('The token lacks whatsapp_business_management');
  const unchecked = ['tenant', 'add', '--file', lacking, '--no-check'];
  expect((await concierge(unchecked, weak.access_token)).exitCode).toBe(0);
  const ill = await concierge(['doctor', '--tenant', 'weak']);
  expect(ill.exitCode).toBe(1);
  expect(ill.stdout).toContain('failed   weak: The token lacks whatsapp_business_management');
  expect((await concierge(['tenant', 'remove', 'weak', '--yes'])).exitCode).toBe(0);
  const listed = await concierge(['tenant', 'list', '--json']);
  expect(JSON.parse(listed.stdout).tenants).not.toContainEqual(
    expect.objectContaining({ id: expect.stringMatching(/garden|thief|weak/) }),
  );
});

test('of two tenants that claim a number at the same moment one gets it', async () => {
  const { simulator } = local();
  const business = await simulator.business({ registered: true, subscribed: true });
  const results = await Promise.all(
    ['left', 'right'].map((id) => {
      const yaml = businessFile(id, business.phone_number_id);
      return concierge(['tenant', 'add', '--file', yaml], business.access_token);
    }),
  );
  expect(results.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  expect(results.map(({ stderr }) => stderr).join('')).toContain('is taken by');
  const listed = await concierge(['tenant', 'list', '--json']);
  const { tenants } = JSON.parse(listed.stdout) as { tenants: { numbers: string[] }[] };
  expect(tenants.filter(({ numbers }) => numbers.includes(business.phone_number_id))).toHaveLength(
    1,
  );
});
