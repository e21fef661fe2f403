import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OperatorAction } from '#app/ports/audit-trail.ts';
import { EFFECTS } from '#operator/command-effects.ts';
import { allCommands, pathOf } from '#operator/command-line.ts';
import { readingOnly } from '#operator/reading-only.ts';
import { aTenant, aTextMessage, PHONE_NUMBER_ID, TENANT_ID } from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Nothing of it may be recorded. */
const SECRETS = ['hush-hush', 'my secret', '34600111222', 'wamid', 'Later, later', '123456'];

interface Example {
  readonly args: readonly string[];
  readonly input?: string;
  /** What is recorded of it, besides that it was done. */
  readonly recorded: Record<string, unknown>;
}

/** As docs/operator.md says: `printf '%s' 'bakery#34600111222' | sha256sum | cut -c1-32`. */
const SUBJECT = createHash('sha256').update('bakery#34600111222').digest('hex').slice(0, 32);
const OF_THE_BAKERY = { tenant: TENANT_ID };

/** One way to call each command that is audited; the bakery is there, and a message is parked. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  'tenant add': {
    args: [
      ...['florist', '--no-check', '--name', 'Later, later', '--number', '200000000000001'],
      ...['--instructions-file', 'LICENSE', '--fallback-text', 'Later, later'],
      ...['--purpose', 'Later, later'],
    ],
    input: 'hush-hush',
    recorded: {
      tenant: 'florist',
      fields: ['id', 'name', 'numbers', 'instructions', 'fallbackText', 'manners'],
      options: expect.arrayContaining(['--no-check', '--fallback-text']),
    },
  },
  'tenant connect': {
    args: ['bakery', '--account', '200000000000001'],
    input: 'hush-hush',
    recorded: { ...OF_THE_BAKERY, end: { outcome: 'failed', error: 'OperatorError' } },
  },
  'tenant set': {
    args: ['bakery', '--fallback-text', 'Later, later'],
    recorded: { ...OF_THE_BAKERY, fields: ['fallbackText'], end: { changed: ['fallbackText'] } },
  },
  'tenant suspend': { args: ['bakery'], recorded: { ...OF_THE_BAKERY, fields: ['status'] } },
  'tenant resume': { args: ['bakery'], recorded: { ...OF_THE_BAKERY, end: { changed: [] } } },
  'tenant remove': {
    args: ['bakery', '--yes'],
    recorded: {
      ...OF_THE_BAKERY,
      options: ['--yes'],
      end: { changed: ['numbers', 'secrets', 'entry'] },
    },
  },
  'secret put': {
    args: ['app-id', '--no-check'],
    input: '123456',
    recorded: { tenant: undefined, fields: ['app-id'], end: { changed: ['app-id'] } },
  },
  'secret rotate': {
    args: ['app-secret', '--overlap', '1h', '--no-check'],
    input: 'hush-hush-2',
    recorded: {
      tenant: undefined,
      fields: ['app-secret'],
      options: expect.arrayContaining(['--overlap', '--no-check']),
      end: { changed: ['app-secret'] },
    },
  },
  'secret migrate': {
    args: ['--to', 'tenants-table'],
    recorded: {
      tenant: undefined,
      options: ['--to'],
      fields: ['copies in tenants-table'],
      end: { changed: ['copies in tenants-table'] },
    },
  },
  'dead-letters show': {
    args: ['PARKED', '--text'],
    recorded: { subject: 'PARKED', options: ['--text'], end: { chats: ['CHAT'] } },
  },
  'chat show': {
    args: ['+34 600-111-222', '--tenant', 'bakery', '--text'],
    recorded: { ...OF_THE_BAKERY, subject: SUBJECT, end: { chats: ['CHAT'] } },
  },
  'chat export': {
    args: ['34600111222', '--tenant', 'bakery', '--to', 'FOLDER'],
    recorded: {
      ...OF_THE_BAKERY,
      subject: SUBJECT,
      options: ['--to'],
      end: { chats: ['CHAT'] },
    },
  },
  'chat erase': {
    args: ['34600111222', '--tenant', 'bakery', '--yes'],
    recorded: { ...OF_THE_BAKERY, subject: SUBJECT, options: ['--yes'], end: { chats: ['CHAT'] } },
  },
  'chat take': {
    args: ['34600111222', '--tenant', 'bakery', '--by', 'my secret'],
    recorded: { ...OF_THE_BAKERY, subject: SUBJECT, options: ['--by'], end: { chats: ['CHAT'] } },
  },
  'chat release': {
    args: ['34600111222', '--tenant', 'bakery'],
    recorded: { ...OF_THE_BAKERY, subject: SUBJECT, end: { chats: ['CHAT'] } },
  },
  'chat say': {
    args: ['34600111222', '--tenant', 'bakery'],
    input: 'my secret',
    recorded: { ...OF_THE_BAKERY, subject: SUBJECT, end: { chats: ['CHAT'] } },
  },
  trace: {
    args: ['wamid.PARKED', '--text'],
    recorded: { subject: 'PARKED', options: ['--text'], end: { chats: ['CHAT'] } },
  },
  'dead-letters redrive': { args: ['PARKED'], recorded: { subject: 'PARKED' } },
};

async function aBusyDesk() {
  const desk = new Desk();
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
  await desk.register.create({ tenant: aTenant(), numbers });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
  await desk.vault.write({ kind: 'platform' }, { appId: '1', appSecrets: ['hush-hush'] });
  const parked = await desk.park(aTextMessage('my secret', { id: 'wamid.PARKED' }));
  return { desk, parked };
}

async function recordedBy({ audit }: Desk) {
  return (await audit.list({ tenant: undefined, sinceMs: 0 })).actions;
}

async function stateOf({ register, vault, bell, queue }: Desk): Promise<string> {
  const secrets = [
    await vault.read({ kind: 'platform' }),
    await vault.read({ kind: 'tenant', id: TENANT_ID }),
  ];
  return JSON.stringify([await register.list(), secrets, bell.rings, queue.size]);
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

test('every command says what it does, and nothing else does', () => {
  const deps = { terminal: {} as never, connect: {} as never, pause: {} as never };
  const commands = leavesOf(allCommands(deps, () => {})).map(pathOf);
  expect([...EFFECTS.keys()].sort()).toEqual([...commands].sort());
});

const AUDITED = [...EFFECTS].flatMap(([name, effect]) => (effect === 'reads' ? [] : [name]));

test('there is an example of each command that is audited', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...AUDITED].sort());
});

describe.each(Object.entries(EXAMPLES))('%s', (name, { args, input = '', recorded }) => {
  function run(desk: Desk, parked: string): Promise<number> {
    desk.input = input;
    const own = args.map((each) => ({ PARKED: parked, FOLDER: folder })[each] ?? each);
    return desk.run(...name.split(' '), ...own, '--local');
  }

  test('is recorded with who, what and when, and without a value or a customer’s word', async () => {
    const { desk, parked } = await aBusyDesk();
    await run(desk, parked);
    const [action, ...others] = await recordedBy(desk);
    expect(others).toEqual([]);
    expect(action).toMatchObject({
      command: name,
      by: { arn: 'arn:aws:iam::000000000000:user/ann', claimedUser: 'ann' },
      beganAtMs: expect.any(Number),
    });
    expect({ ...action, end: { ...action?.end } }).toMatchObject({
      end: { outcome: 'done' },
      ...replaced(recorded, { PARKED: parked, CHAT: expect.stringMatching(/^[0-9a-f]{32}$/) }),
    });
    for (const secret of SECRETS) expect(JSON.stringify(action)).not.toContain(secret);
  });

  test('does nothing where it cannot be recorded', async () => {
    const { desk, parked } = await aBusyDesk();
    const before = await stateOf(desk);
    const denied = new Error('not authorized to perform: dynamodb:PutItem');
    denied.name = 'AccessDeniedException';
    desk.audit.begin = () => Promise.reject(denied);
    expect(await run(desk, parked)).toBe(1);
    expect(desk.err).toContain('Nothing was done, since it could not be recorded');
    expect(desk.err).toContain('docs/operator.md');
    expect(desk.out).toBe('');
    expect(readdirSync(folder)).toEqual([]);
    expect(await stateOf(desk)).toBe(before);
  });
});

/** The expectation with words of the test's own put in. */
function replaced(value: unknown, words: Readonly<Record<string, unknown>>): object {
  const put = (each: unknown): unknown => {
    if (typeof each === 'string') return words[each] ?? each;
    if (Array.isArray(each)) return each.map(put);
    if (typeof each !== 'object' || each === null || 'asymmetricMatch' in each) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, put(inner)]));
  };
  return put(value) as object;
}

test('what a command was refused is recorded as failed, with the kind of error only', async () => {
  const { desk } = await aBusyDesk();
  expect(await desk.run('tenant', 'suspend', 'nobody', '--local')).toBe(1);
  expect(await recordedBy(desk)).toMatchObject([
    { tenant: 'nobody', end: { outcome: 'failed', error: 'OperatorError' } },
  ]);
});

test('what was left undone is recorded as incomplete', async () => {
  const { desk } = await aBusyDesk();
  desk.bell.isDown = true;
  expect(await desk.run('dead-letters', 'redrive', '--all', '--local')).toBe(1);
  expect(await recordedBy(desk)).toMatchObject([{ end: { outcome: 'incomplete' } }]);
});

test('a command that cannot be meant is not recorded, since it reaches nothing', async () => {
  const { desk } = await aBusyDesk();
  expect(await desk.run('secret', 'put', 'app-secret', '--token', 'hush-hush', '--local')).toBe(2);
  expect(await desk.run('dead-letters', 'redrive', 'wamid.X', '--local')).toBe(2);
  expect(await recordedBy(desk)).toEqual([]);
});

test('where only the end cannot be recorded, it says so and has done its work', async () => {
  const { desk } = await aBusyDesk();
  desk.audit.end = () => Promise.reject(new Error('gone'));
  expect(await desk.run('tenant', 'suspend', 'bakery', '--local')).toBe(1);
  expect(desk.out).toContain('bakery is suspended');
  expect(desk.err).toContain('has only its beginning');
  expect(await recordedBy(desk)).toMatchObject([{ end: undefined }]);
});

test('the time is the trail’s, whatever this machine says', async () => {
  const { desk } = await aBusyDesk();
  const trailMs = desk.clock.now();
  desk.audit.now = async () => trailMs;
  desk.clock.advance(500 * 86_400_000);
  expect(await desk.run('tenant', 'suspend', 'bakery', '--local')).toBe(0);
  expect(await recordedBy(desk)).toMatchObject([
    { beganAtMs: trailMs, end: { endedAtMs: trailMs } },
  ]);
  expect(await desk.run('audit', 'list', '--local')).toBe(0);
  expect(desk.out).toContain('tenant suspend');
});

test('who calls must be known', async () => {
  const { desk } = await aBusyDesk();
  const before = await stateOf(desk);
  desk.whoCalls = () => Promise.reject(Object.assign(new Error('x'), { name: 'ExpiredToken' }));
  expect(await desk.run('tenant', 'suspend', 'bakery', '--local')).toBe(2);
  expect(desk.err).toContain('Nothing was done');
  expect(desk.err).toContain('log in again');
  expect(await stateOf(desk)).toBe(before);
});

test('a command that reads leaves no entry', async () => {
  const { desk, parked } = await aBusyDesk();
  for (const args of [
    ['tenant', 'list'],
    ['tenant', 'show', 'bakery'],
    ['secret', 'show-age'],
    ['dead-letters', 'list'],
    ['dead-letters', 'show', parked],
    ['chat', 'list', '--tenant', 'bakery'],
    ['chat', 'show', '34600111222', '--tenant', 'bakery'],
    ['audit', 'list'],
    ['doctor', '--no-check'],
  ]) {
    await desk.run(...args, '--local');
  }
  expect(await recordedBy(desk)).toEqual([]);
});

test('what a command that reads is given changes nothing', async () => {
  const { desk } = await aBusyDesk();
  const application = readingOnly(desk.application);
  expect(() => application.vault.write({ kind: 'platform' }, {})).toThrow('called write');
  expect(() => application.bell.ring([])).toThrow('called ring');
  expect(() => application.register.delete(TENANT_ID, 1)).toThrow('called delete');
  expect(await application.register.find(TENANT_ID)).toMatchObject({ id: 'bakery' });
});

describe('audit list', () => {
  async function aTrail(desk: Desk, over: Partial<OperatorAction> = {}) {
    const action = {
      id: `run-${over.beganAtMs}`,
      beganAtMs: desk.clock.now(),
      by: { arn: 'arn:aws:sts::1:assumed-role/Ops/ben', claimedUser: undefined },
      command: 'tenant set',
      tenant: TENANT_ID,
      subject: undefined,
      options: ['--name'],
      fields: ['name'],
      ...over,
    };
    await desk.audit.begin(action);
    return action;
  }

  test('shows who did what, newest first, and what of it is known', async () => {
    const desk = new Desk();
    await aTrail(desk, { id: 'a' });
    desk.clock.advance(1_000);
    await desk.run('secret', 'put', 'verify-token', '--generate', '--local');
    expect(await desk.run('audit', 'list', '--local')).toBe(0);
    const [, first, second] = desk.out.split('\n');
    expect(first).toMatch(
      /^2\S+Z +- +user\/ann \(ann\) +secret put --generate +verify-token +done$/,
    );
    expect(second).toMatch(/ +bakery +assumed-role\/Ops\/ben +tenant set --name +name +unknown$/);
    expect(desk.out).toContain('2 commands.');
  });

  test('goes as far back as it is told, and no further than it is told', async () => {
    const desk = new Desk();
    await aTrail(desk, { id: 'a' });
    desk.clock.advance(8 * 86_400_000);
    await aTrail(desk, { id: 'b', beganAtMs: desk.clock.now() });
    await aTrail(desk, { id: 'c', beganAtMs: desk.clock.now() + 1 });
    const ids = async (...args: readonly string[]) => {
      expect(await desk.run('audit', 'list', '--local', '--json', ...args)).toBe(0);
      return JSON.parse(desk.out).actions.map(({ id }: { id: string }) => id);
    };
    expect(await ids()).toEqual(['c', 'b']);
    expect(await ids('--since', '30d')).toEqual(['c', 'b', 'a']);
    expect(await ids('--since', '30d', '--limit', '1')).toEqual(['c']);
    expect(await ids('--tenant', 'florist')).toEqual([]);
  });

  test.each([
    [['--since', 'yesterday'], 'such as 30m, 24h or 7d'],
    [['--tenant', 'No Tenant'], 'is no tenant id'],
    [['--contact', '34600111222'], 'Say whose contact it is'],
    [['--tenant', 'bakery', '--contact', '***'], 'A contact is a user id'],
    [['--limit', '-1'], 'whole number from 1'],
  ])('%j is refused', async (args, words) => {
    const desk = new Desk();
    expect(await desk.run('audit', 'list', '--local', ...args)).toBe(2);
    expect(desk.err).toContain(words);
  });
});
