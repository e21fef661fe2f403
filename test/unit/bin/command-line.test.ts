import { expect, test } from 'vitest';
import { parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import { UsageError } from '#operator/operator-error.ts';
import type { Target } from '#operator/target.ts';
import {
  aMessage,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const LOCAL: Target = { kind: 'local', url: 'http://127.0.0.1:3000' };

test.each([
  [['--stage', 'staging'], { kind: 'cloud', stage: 'staging' }],
  [['--local'], LOCAL],
  [['--local', '--json'], LOCAL],
  [['--local', 'http://127.0.0.1:4000/'], { kind: 'local', url: 'http://127.0.0.1:4000' }],
  [['--local=http://127.0.0.1:4000'], { kind: 'local', url: 'http://127.0.0.1:4000' }],
])('list %j reaches %j', async (args, target) => {
  const desk = new Desk();
  expect(await desk.run('dead-letters', 'list', ...args)).toBe(0);
  expect(desk.targets).toEqual([target]);
});

test.each([
  [['list'], '--stage <dev|staging|prod>, or --local'],
  [['list', '--stage', 'live'], 'Allowed choices are dev, staging, prod'],
  [['list', '--stage', 'dev', '--local'], 'cannot be used with'],
  [['list', '--local', 'localhost:3000'], 'takes an address such as http://127.0.0.1:3000'],
  [['list', '--local', 'ftp://127.0.0.1'], 'takes an address such as http://127.0.0.1:3000'],
  [['list', '--local', '--limit', '0'], 'whole number from 1'],
  [['list', '--local', '--reason', 'foo'], 'unknown-phone-number, tenant-suspended, token'],
  [['show', '--local'], "missing required argument 'message'"],
  [['show', '--local', 'wamid.X'], 'hexadecimal'],
  [['redrive', '--local'], 'Say what to redrive'],
  [['redrive', '--local', '--all', '--reason', 'bug'], 'in one way'],
  [['redrive', '--local', '--all', '--wait', 'long'], 'whole number of seconds'],
  [['lst'], 'Did you mean list?'],
])('%j is refused in one line, with exit code 2', async (args, hint) => {
  const desk = new Desk();
  expect(await desk.run('dead-letters', ...args)).toBe(2);
  expect(desk.err).toContain(hint);
  expect(desk.err.trimEnd().split('\n')).toHaveLength(1);
  expect(desk.out).toBe('');
});

test.each([
  [['--help'], 'dead-letters'],
  [['dead-letters', '--help'], 'redrive'],
  [['dead-letters', 'redrive', '--help'], '--reason <reason>'],
  [['help', 'dead-letters'], 'redrive'],
])('%j tells what there is', async (args, word) => {
  const desk = new Desk();
  expect(await desk.run(...args)).toBe(0);
  expect(desk.out).toContain(word);
});

test('without a command it says which there are, on standard error', async () => {
  const desk = new Desk();
  expect(await desk.run()).toBe(2);
  expect(desk.err).toContain('dead-letters');
});

test('what stands in the way is told with its exit code', async () => {
  const desk = new Desk();
  desk.trouble = new UsageError('Start the local stack with npm start.');
  expect(await desk.run('dead-letters', 'list', '--local')).toBe(2);
  expect(desk.err).toBe('concierge: Start the local stack with npm start.\n');
  const denied = new Error('not authorized to perform: dynamodb:Query');
  denied.name = 'AccessDeniedException';
  desk.trouble = denied;
  expect(await desk.run('dead-letters', 'list', '--local')).toBe(1);
  expect(desk.err).toContain('not authorized to perform: dynamodb:Query');
  denied.name = 'CredentialsProviderError';
  expect(await desk.run('dead-letters', 'list', '--local')).toBe(2);
  expect(desk.err).toContain('set AWS_PROFILE');
});

test('list prints pseudonyms and a summary by reason, and nothing of the customer', async () => {
  const desk = new Desk();
  const [one, other] = [
    await desk.park(aTextMessage('my secret')),
    await desk.park(aTextMessage('mine too'), 'bug'),
  ];
  desk.clock.advance(600_000);
  expect(await desk.run('dead-letters', 'list', '--local')).toBe(0);
  for (const name of [one, other]) expect(desk.out).toContain(name);
  expect(desk.out).toContain('10 min');
  expect(desk.out).toContain('Parked: 2 messages (token 1, bug 1).');
  for (const word of ['34600111222', 'secret', 'wamid']) expect(desk.out).not.toContain(word);
});

test('list can be held to a reason and a number, and still counts all', async () => {
  const desk = new Desk();
  for (const reason of ['token', 'token', 'bug'] as const) await desk.park(aMessage(), reason);
  const args = ['dead-letters', 'list', '--local', '--json', '--reason', 'token', '--limit', '1'];
  expect(await desk.run(...args)).toBe(0);
  const { parked, ...counts } = JSON.parse(desk.out);
  expect(parked).toHaveLength(1);
  expect(counts).toEqual({
    total: 2,
    reasons: { token: 2 },
    deadLetterQueue: { seen: 3, ofNoParkedMessage: 0 },
  });
});

test('list tells whose a message is, and list and redrive can be held to one tenant', async () => {
  const desk = new Desk();
  const clinic = present(parseTenantId('clinic'));
  const number = present(parsePhoneNumberId('100000000000002'));
  const [own, other] = [{ phoneNumberId: PHONE_NUMBER_ID }, { phoneNumberId: number }];
  await desk.register.create({ tenant: aTenant(), numbers: [{ ...own, accountId: undefined }] });
  await desk.register.create({
    tenant: aTenant({ id: clinic }),
    numbers: [{ ...other, accountId: undefined }],
  });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
  const message = aMessage();
  const ours = await desk.park(aMessage());
  const theirs = await desk.park({ ...message, chat: { ...message.chat, ...other } }, 'bug');
  const list = async (...args: readonly string[]) => {
    expect(await desk.run('dead-letters', 'list', '--local', ...args)).toBe(0);
    return desk.out;
  };
  expect(await list()).toMatch(new RegExp(`bakery +${PHONE_NUMBER_ID} .* ${ours}\\n`));
  expect(await list()).toMatch(new RegExp(`- +${number} .* ${theirs}\\n`));
  await desk.register.claim(number, clinic);
  expect(JSON.parse(await list('--tenant', 'clinic', '--json'))).toMatchObject({
    parked: [{ message: theirs, tenant: 'clinic' }],
    total: 1,
  });
  expect(await list('--tenant', 'bakery', '--reason', 'bug')).toContain(
    'Nothing is parked of bakery for bug.',
  );
  expect(await desk.run('dead-letters', 'redrive', '--local', '--tenant', 'bakery')).toBe(0);
  expect(desk.out).toContain('Rung for 1 of 1 message: 1 answered. Parked besides: 1 message.');
  expect(await desk.run('dead-letters', 'redrive', '--local', '--tenant', 'clinik')).toBe(1);
  expect(desk.err).toContain('There is no tenant clinik (did you mean clinic?)');
});

test('list says what a reason leaves out', async () => {
  const desk = new Desk();
  await desk.park(aMessage(), 'bug');
  const list = ['dead-letters', 'list', '--local', '--reason'];
  expect(await desk.run(...list, 'token')).toBe(0);
  expect(desk.out).toBe('Nothing is parked for token.\nParked for other reasons: bug 1.\n');
  expect(await desk.run(...list, 'bug')).toBe(0);
  expect(desk.out).not.toContain('other reasons');
});

test('show prints the customer’s text only when asked to, and lets it steer no terminal', async () => {
  const desk = new Desk();
  const name = await desk.park(aTextMessage('two\nlines \u001b[2J\u009b'));
  expect(await desk.run('dead-letters', 'show', '--local', name.slice(0, 6))).toBe(0);
  expect(desk.out).toContain(name);
  expect(desk.out).not.toContain('lines');
  expect(await desk.run('dead-letters', 'show', name, '--text', '--local')).toBe(0);
  expect(desk.out).toContain('two\nlines \ufffd[2J\ufffd');
  expect(await desk.run('dead-letters', 'show', name, '--text', '--local', '--json')).toBe(0);
  expect(JSON.parse(desk.out)).toMatchObject({ message: name, text: 'two\nlines \u001b[2J\u009b' });
});

test('show does not know what is not parked', async () => {
  const desk = new Desk();
  expect(await desk.run('dead-letters', 'show', 'abcdef12', '--local')).toBe(1);
  expect(desk.err).toContain('npx concierge dead-letters list --local');
});

test('redrive has the chosen messages answered, once', async () => {
  const desk = new Desk();
  const [first = ''] = [await desk.park(aMessage()), await desk.park(aMessage(), 'bug')];
  expect(await desk.run('dead-letters', 'redrive', '--local', first)).toBe(0);
  expect(desk.out).toContain('Rung for 1 of 1 message: 1 answered. Parked besides: 1 message.');
  expect(await desk.run('dead-letters', 'redrive', '--local', '--reason', 'bug', '--json')).toBe(0);
  expect(JSON.parse(desk.out)).toMatchObject({ matched: 1, fates: { answered: 1 } });
  expect(await desk.run('dead-letters', 'redrive', '--local', '--all')).toBe(0);
  expect(desk.out).toBe('Nothing waits to be redriven.\n');
  expect(desk.texts).toHaveLength(2);
  expect(desk.queue.size).toBe(0);
});

test('redrive tells what the queue did not take, with exit code 1', async () => {
  const desk = new Desk();
  const name = await desk.park(aMessage());
  desk.bell.isDown = true;
  expect(await desk.run('dead-letters', 'redrive', '--local', '--all', '--json')).toBe(1);
  expect(JSON.parse(desk.out)).toMatchObject({ matched: 1, rung: 0, notRung: [name] });
  expect(desk.err).toContain('did not take 1 ring');
  expect(desk.queue.size).toBe(1);
});

test('redrive says that a message is parked again, with exit code 1', async () => {
  const desk = new Desk();
  desk.tenant = undefined;
  await desk.park(aMessage());
  expect(await desk.run('dead-letters', 'redrive', '--local', '--all')).toBe(1);
  expect(desk.out).toContain('1 still parked');
  expect(desk.err).toContain('The cause is not removed');
  expect(desk.queue.size).toBe(1);
});

test('progress is written over in place where a person watches', async () => {
  const desk = new Desk();
  desk.isWatched = true;
  await desk.park(aMessage());
  await desk.run('dead-letters', 'redrive', '--local', '--all');
  expect(desk.err).toContain('\rRung for 1 of 1…');
  expect(desk.err).not.toContain('\n');
});

test.each([
  [['trace'], '(default: 3d)'],
  [['audit', 'list'], '(default: 7d)'],
])('%j --help tells times as they are given', async (command, text) => {
  const desk = new Desk();
  await desk.run(...command, '--help');
  expect(desk.out).toContain(text);
});
