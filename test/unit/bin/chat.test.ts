import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Command, commandMessage } from '#domain/conversation/command.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parseTenantId } from '#domain/ids.ts';
import { NO_USAGE } from '#domain/limits/contact-usage.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import {
  aChat,
  aMessage,
  aParking,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

let desk: Desk;
let folder: string;

beforeEach(async () => {
  desk = new Desk();
  folder = mkdtempSync(join(tmpdir(), 'chat-'));
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: '200000000000001' }];
  await desk.register.create({ tenant: aTenant(), numbers });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
});
afterEach(() => rmSync(folder, { recursive: true }));

function chat(...args: readonly string[]): Promise<number> {
  return desk.run('chat', ...args, '--local');
}

/** A customer writes, is answered, and reads it. */
async function aConversation(body = 'Do you bake at night?'): Promise<void> {
  await desk.accept(aTextMessage(body));
  desk.clock.advance(2_000);
  await desk.answer();
  const [bubble] = desk.store.transcript(aChat()).filter(({ direction }) => direction === 'out');
  if (bubble?.direction !== 'out') throw new Error('there was no answer');
  await desk.store.mergeDelivery({
    reference: { chat: aChat(), turnId: bubble.turnId, part: 0 },
    wamid: 'wamid.OUT',
    status: 'read',
    atMs: desk.clock.now(),
    errorCode: undefined,
    pricing: { category: 'service' },
  });
}

describe('list', () => {
  test('shows a tenant’s chats, the most recent first, and no word of them', async () => {
    await aConversation();
    const chats = [
      ['ES.1', { lastMessageAtMs: desk.clock.now(), flag: 'fallback-sent' }],
      ['ES.2', { lastMessageAtMs: desk.clock.now() - 7_200_000, state: 'human' }],
    ] as const;
    for (const [id, head] of chats) {
      await desk.store.saveHead(aChat(id), { ...newHead(), tenantId: TENANT_ID, ...head });
    }
    expect(await chat('list', '--tenant', 'bakery')).toBe(0);
    const [, first, second, third] = desk.out.split('\n');
    expect(first).toMatch(/^0 s +assistant +fallback-sent +100000000000001 +ES\.1 +[0-9a-f]{32}$/);
    expect(second).toMatch(/^2 s +assistant +- +100000000000001 +34600111222 /);
    expect(third).toMatch(/^2 h +human /);
    expect(desk.out).toContain('3 chats.');
    expect(desk.out).not.toContain('bake');
    expect(await chat('list', '--tenant', 'bakery', '--flagged', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({
      chats: [{ contact: 'ES.1', flag: 'fallback-sent', state: 'assistant' }],
      hasMore: false,
    });
    expect(await chat('list', '--tenant', 'bakery', '--limit', '1')).toBe(0);
    expect(desk.out).toContain('1 chat, and more: see them with --limit.');
    expect(await chat('list', '--tenant', 'bakery', '--state', 'human', '--flagged')).toBe(0);
    expect(desk.out).toBe('There is no such chat.\n');
  });

  test('knows the chats of a tenant that was removed, and not of one that never was', async () => {
    await aConversation();
    expect(await desk.run('tenant', 'remove', 'bakery', '--yes', '--local')).toBe(0);
    expect(await chat('list', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toContain('34600111222');
    expect(await chat('list', '--tenant', 'baker')).toBe(1);
    expect(desk.err).toContain('There is no tenant baker');
  });
});

describe('show', () => {
  test('tells how a chat stands and what came of each message, without the words', async () => {
    await aConversation();
    const parked = aMessage({ timestamp: '1790400900' });
    await desk.park(parked, 'token');
    expect(await chat('show', '+34 600 111 222', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toMatch(/^contact +34600111222$/m);
    expect(desk.out).toMatch(/^state +assistant$/m);
    expect(desk.out).toMatch(/^2\S+Z +customer +text +answered$/m);
    expect(desk.out).toMatch(/^2\S+Z +us +part 1 +read$/m);
    expect(desk.out).toMatch(/^2\S+Z +customer +text +parked token$/m);
    for (const words of ['bake at', 'You said', 'message']) expect(desk.out).not.toContain(words);
  });

  test('shows the words when told so, and lets them steer no terminal', async () => {
    await aConversation('two\nlines \u001b[2J');
    expect(await chat('show', '34600111222', '--tenant', 'bakery', '--text')).toBe(0);
    expect(desk.out).toContain('    two\n    lines \ufffd[2J\n');
    expect(await chat('show', '34600111222', '--tenant', 'bakery', '--text', '--json')).toBe(0);
    expect(JSON.parse(desk.out).conversations).toMatchObject([
      { messages: [{ text: 'two\nlines \u001b[2J' }, { kind: 'bubble', outcome: 'read' }] },
    ]);
    expect(await chat('show', '34600111222', '--tenant', 'bakery', '--json')).toBe(0);
    expect(desk.out).not.toContain('lines');
  });

  test('shows both ids of a contact as one conversation, as far back as it is told', async () => {
    await aConversation();
    const later = aTextMessage('and rye?', { from_user_id: 'ES.1', timestamp: '1790400900' });
    await desk.accept(later);
    desk.clock.advance(900_000);
    await desk.answer(later.chat);
    expect(await chat('show', 'ES.1', '--tenant', 'bakery', '--json')).toBe(0);
    const [conversation, ...others] = JSON.parse(desk.out).conversations;
    expect(others).toEqual([]);
    expect(conversation.chats).toMatchObject([
      { contact: 'ES.1', phone: '34600111222' },
      { contact: '34600111222', movedTo: 'ES.1' },
    ]);
    expect(conversation.messages.map(({ kind }: { kind: string }) => kind)).toEqual([
      'message',
      'bubble',
      'message',
      'bubble',
    ]);
    expect(await chat('show', 'ES.1', '--tenant', 'bakery', '--limit', '1', '--json')).toBe(0);
    expect(JSON.parse(desk.out).conversations[0].messages).toMatchObject([{ kind: 'bubble' }]);
  });

  test('shows what the contact wants', async () => {
    await desk.accept(aTextMessage('stop'));
    await desk.answer();
    const atMs = 1_790_400_500_000;
    await desk.store.recordPreference(aChat(), { kind: 'stopped', atMs });
    expect(await chat('show', '34600111222', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toMatch(/^replies +kind stopped, at /m);
    expect(desk.out).toMatch(/^marketing +stopped$/m);
    expect(desk.out).toMatch(/^marketingAt +2026-09-26T/m);
  });

  test('shows what a contact wants who has never written', async () => {
    await desk.store.recordPreference(aChat(), { kind: 'stopped', atMs: 1_790_400_500_000 });
    expect(await chat('show', '34600111222', '--tenant', 'bakery', '--json')).toBe(0);
    expect(JSON.parse(desk.out).conversations).toMatchObject([
      { chats: [{ head: 'none', marketing: 'stopped' }], messages: [] },
    ]);
  });

  test('tells whether the contact wants answers, what it has used, and since when whose it is', async () => {
    const replies = { kind: 'stopped', atMs: 1_790_400_000_000 } as const;
    const usage = { ...NO_USAGE, day: '2026-09-26', spentInDay: microUsd(1_500) };
    const erasure = { atMs: 1_790_400_000_000, version: 3 };
    const head = { ...newHead(), tenantId: TENANT_ID, tenantSinceMs: 1_790_400_000_000 };
    await desk.store.saveHead(aChat(), { ...head, replies, usage, erasure });
    expect(await chat('show', '34600111222', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toMatch(/^tenant +bakery$/m);
    expect(desk.out).toMatch(/^tenantSince +2026-09-26T05:20:00.000Z$/m);
    expect(desk.out).toMatch(/^replies +kind stopped, at 2026-09-26T05:20:00.000Z$/m);
    expect(desk.out).toMatch(/^usage +day 2026-09-26, spentInDay 0.0015$/m);
    const to = join(folder, 'head.json');
    expect(await chat('export', '34600111222', '--tenant', 'bakery', '--to', to)).toBe(0);
    expect(JSON.parse(readFileSync(to, 'utf8')).chats[0].items[0]).toMatchObject({
      tenant: 'bakery',
      replies: { kind: 'stopped', at: '2026-09-26T05:20:00.000Z' },
      usage: { day: '2026-09-26', spentInDay: '0.0015' },
      erasure: { at: '2026-09-26T05:20:00.000Z', version: 3 },
    });
  });

  test('shows a turn that is not finished', async () => {
    desk.sender.next.push(() => ({ kind: 'ambiguous', code: 'ETIMEDOUT' }));
    await desk.accept(aTextMessage('hello'));
    await desk.answer();
    expect(await chat('show', '34600111222', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toMatch(/^openTurn +reply, parts sending$/m);
  });

  test('shows no turn that is at its end, however few messages are wanted', async () => {
    await desk.accept(aTextMessage('hello'));
    await desk.answer();
    const newest = ['--limit', '1'];
    expect(await chat('show', '34600111222', '--tenant', 'bakery', ...newest)).toBe(0);
    expect(desk.out).toMatch(/^version +1$/m);
    expect(desk.out).not.toContain('openTurn');
  });

  test('shows nothing that is another tenant’s', async () => {
    await aConversation();
    const clinic = present(parseTenantId('clinic'));
    await desk.register.create({ tenant: aTenant({ id: clinic }), numbers: [] });
    expect(await chat('show', '34600111222', '--tenant', 'clinic')).toBe(1);
    expect(desk.err).toContain('Nothing is stored of that contact at clinic (it has no number)');
    const named = ['--number', PHONE_NUMBER_ID];
    expect(await chat('show', '34600111222', '--tenant', 'clinic', ...named)).toBe(1);
    expect(await chat('show', '34600111222', '--tenant', 'bakery', ...named)).toBe(0);
  });

  test('a removed tenant’s chats are there at the number that it had', async () => {
    await aConversation();
    await desk.run('tenant', 'remove', 'bakery', '--yes', '--local');
    expect(await chat('show', '34600111222', '--tenant', 'bakery')).toBe(1);
    expect(desk.err).toContain('There is no tenant bakery');
    const named = ['--number', PHONE_NUMBER_ID];
    expect(await chat('show', '34600111222', '--tenant', 'bakery', ...named)).toBe(0);
  });
});

describe('export', () => {
  const files = () => {
    const { files: paths } = JSON.parse(desk.out) as { files: readonly [string, string] };
    const [json, text] = paths.map((path) => readFileSync(path, 'utf8'));
    return { paths, json: JSON.parse(json ?? ''), text };
  };

  test('writes everything of a contact, as JSON and to be read', async () => {
    await aConversation();
    await desk.park(aTextMessage('and rye?', { timestamp: '1790400900' }));
    await desk.accept(aMessage({ type: 'reaction', timestamp: '1790400950' }));
    const preferences = { user_preferences: [{ wa_id: '34600111222', value: 'stop' }] };
    await desk.store.keepEvent({
      kind: 'event',
      field: 'user_preferences',
      accountId: '200000000000001',
      phoneNumberId: PHONE_NUMBER_ID,
      payload: preferences,
      receivedAtMs: 1_790_400_960_000,
      correlationId: 'request-9',
    });
    await desk.store.recordPreference(aChat(), { kind: 'resumed', atMs: 1_790_400_500_000 });
    const to = join(folder, 'exports');
    expect(await chat('export', '34600111222', '--tenant', 'bakery', '--to', to, '--json')).toBe(0);
    const { paths, json, text } = files();
    for (const path of paths) {
      expect(path.startsWith(join(to, 'bakery-'))).toBe(true);
      expect(path).not.toContain('34600111222');
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(statSync(to).mode & 0o777).toBe(0o700);
    expect(json).toMatchObject({
      schema: 'whatsapp-concierge/contact-export',
      v: 1,
      exportedAt: new Date(desk.clock.now()).toISOString(),
      tenant: 'bakery',
      contact: '34600111222',
      chats: [
        {
          phoneNumberId: PHONE_NUMBER_ID,
          contact: '34600111222',
          items: [
            { kind: 'head', key: 'HEAD', state: 'assistant', tenant: 'bakery' },
            {
              kind: 'message',
              type: 'text',
              outcome: 'answered',
              text: 'Do you bake at night?',
              waId: '34600111222',
              payload: { from: '34600111222', text: { body: 'Do you bake at night?' } },
            },
            { kind: 'bubble', outcome: 'read', pricing: { category: 'service' } },
            { kind: 'message', outcome: 'parked token', parking: aParking('token') },
            { kind: 'message', type: 'reaction', text: null, outcome: 'unfinished' },
            { kind: 'preference', key: 'PREF', marketing: 'resumed' },
          ],
        },
      ],
      events: [{ field: 'user_preferences', payload: preferences }],
      counts: { chats: 1, messages: 3, bubbles: 1, other: 0, events: 1, sent: 0 },
      complete: true,
    });
    expect(text).toMatch(/^What bakery has stored about 34600111222, as of 2\S+Z\./);
    expect(text).toMatch(
      /customer {2}\[answered\]\n {4}Do you bake at night\?\n2\S+ {2}business {2}\[read\]/,
    );
    expect(text).toContain('customer  [parked token]\n    and rye?');
    expect(text).toContain('(reaction, without words)');
    expect(text).toContain('(Marketing messages: resumed.)');
    expect(text).toContain('event user_preferences: see the JSON file');
    expect(text?.endsWith('\nEnd of the export.\n')).toBe(true);
  });

  test('tells who has a chat, and what people of the business did and said', async () => {
    await aConversation();
    const want = (id: string, command: Command) => {
      desk.clock.advance(60_000);
      return desk.accept(commandMessage(aChat(), command, { id, atMs: desk.clock.now() }));
    };
    await want('c-1', { kind: 'take', by: 'ana' });
    const content = { kind: 'text', text: 'We do, from eight on.' } as const;
    await want('c-2', { kind: 'say', by: 'ana', content });
    await want('wamid.E', { kind: 'echo', by: 'phone', text: 'Every day.' });
    await desk.answer();
    expect(await chat('show', '34600111222', '--tenant', 'bakery')).toBe(0);
    expect(desk.out).toMatch(/state +human/);
    expect(desk.out).toMatch(/handOver +since 2\S+, cause operator, by \w+, activeAt 2/);
    expect(desk.out).toMatch(/ana +take +recorded/);
    expect(desk.out).toMatch(/person +part 1 /);
    expect(desk.out).not.toContain('from eight on');
    expect(await chat('list', '--tenant', 'bakery', '--state', 'human')).toBe(0);
    expect(desk.out).toContain('34600111222');
    const to = join(folder, 'exports');
    expect(await chat('export', '34600111222', '--tenant', 'bakery', '--to', to, '--json')).toBe(0);
    const { json, text } = files();
    expect(JSON.stringify(json)).toContain('"command":{"kind":"echo","by":"phone"');
    expect(text).toMatch(/\(take by ana, 2\S+\.\)/);
    expect(text).toMatch(/person {2}\[\w+\]\n {4}We do, from eight on\./);
    expect(text).toMatch(/person {2}\[recorded\]\n {4}Every day\./);
    expect(text).not.toContain('idle');
  });

  test('of a contact with two ids each message is read once, where it was answered', async () => {
    await aConversation();
    const later = aTextMessage('and rye?', { from_user_id: 'ES.1', timestamp: '1790400900' });
    await desk.accept(aTextMessage('waiting', { timestamp: '1790400800' }), later);
    desk.clock.advance(900_000);
    await desk.answer(later.chat);
    const to = join(folder, 'rye.json');
    expect(await chat('export', '34600111222', '--tenant', 'bakery', '--to', to, '--json')).toBe(0);
    const { paths, json, text } = files();
    expect(paths).toEqual([to, join(folder, 'rye.txt')]);
    expect(json.chats.map(({ contact }: { contact: string }) => contact)).toEqual([
      'ES.1',
      '34600111222',
    ]);
    expect(JSON.stringify(json).match(/"text":"waiting"/g)).toHaveLength(2);
    expect(text?.match(/waiting/g)).toHaveLength(1);
    expect(text).toContain('(This contact is ES.1 now');
  });

  test('overwrites nothing, and leaves no half of it', async () => {
    await aConversation();
    const taken = join(folder, 'mine.txt');
    writeFileSync(taken, 'mine');
    const args = ['export', '34600111222', '--tenant', 'bakery', '--to'];
    expect(await chat(...args, join(folder, 'mine.json'))).toBe(2);
    expect(desk.err).toContain('mine.txt cannot be written: it is there already');
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    rmSync(taken);
    expect(await chat(...args, join(folder, 'mine.json'))).toBe(0);
    const whole = readFileSync(join(folder, 'mine.json'), 'utf8');
    expect(await chat(...args, join(folder, 'mine.json'))).toBe(2);
    expect(readFileSync(join(folder, 'mine.json'), 'utf8')).toBe(whole);
  });

  test.each([
    ['nobody’s contact', 'ES.404', 1, 'Nothing is stored of that contact'],
    ['what is no contact', '***', 2, 'A contact is a user id'],
  ])('of %s there is no file', async (_, contact, exitCode, words) => {
    const to = join(folder, 'none.json');
    expect(await chat('export', contact, '--tenant', 'bakery', '--to', to)).toBe(exitCode);
    expect(desk.err).toContain(words);
    expect(() => statSync(to)).toThrow('ENOENT');
    expect(() => statSync(join(folder, 'none.txt'))).toThrow('ENOENT');
  });

  test('an export that fails half way leaves no file', async () => {
    await aConversation();
    const { transcript } = desk.store;
    desk.store.transcript = (of) =>
      transcript.call(desk.store, of).map((each) => {
        if (each.direction === 'out') throw new Error('the table is gone');
        return each;
      });
    const to = join(folder, 'half.json');
    expect(await chat('export', '34600111222', '--tenant', 'bakery', '--to', to)).toBe(1);
    expect(() => statSync(to)).toThrow('ENOENT');
  });

  test('tells the first error where half a file cannot be deleted either', async () => {
    await aConversation();
    const to = join(folder, 'exports');
    desk.store.transcript = () => {
      // Whoever may not write the folder may delete nothing in it; root may, so its files go.
      rmSync(to, { recursive: true });
      throw new Error('the table is gone');
    };
    const args = ['export', '34600111222', '--tenant', 'bakery', '--to', to];
    expect(await chat(...args)).toBe(1);
    expect(desk.err).toContain('the table is gone');
  });

  test.each([
    ['a file for a folder', 'file', 'it is a file'],
    ['a folder in a file', 'file/in-it', 'what stands above it is a file'],
    ['a folder in none', 'none/there', 'the folder above it is not there'],
    ['no folder above the file', 'none/there.json', 'the folder above is not there'],
    ['a folder for the file', 'folder.json', 'it is there already'],
  ])('%s is refused', async (_, place, words) => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder.json'));
    const args = ['export', '34600111222', '--tenant', 'bakery', '--to', join(folder, place)];
    expect(await chat(...args)).toBe(2);
    expect(desk.err).toContain(words);
    expect(desk.targets).toEqual([]);
  });
});

test.each([
  [['list'], "required option '--tenant <tenant>' not specified"],
  [['list', '--tenant', 'The Bakery'], 'is no tenant id'],
  [
    ['list', '--tenant', 'bakery', '--state', 'asleep'],
    'Allowed choices are assistant, waiting, human',
  ],
  [['list', '--tenant', 'bakery', '--limit', 'all'], 'whole number from 1'],
  [['show', '--tenant', 'bakery'], "missing required argument 'contact'"],
  [['show', 'ES.1', '--tenant', 'bakery', '--number', '+34'], 'digits only'],
  [['show', '#', '--tenant', 'bakery'], 'with its country code'],
  [['export', 'ES.1', '--tenant', 'bakery'], "required option '--to <place>' not specified"],
])('%j is refused in one line, with exit code 2', async (args, hint) => {
  expect(await chat(...args)).toBe(2);
  expect(desk.err).toContain(hint);
  expect(desk.err.trimEnd().split('\n')).toHaveLength(1);
});
