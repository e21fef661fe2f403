import { beforeEach, describe, expect, test } from 'vitest';
import { newHead } from '#domain/conversation/head.ts';
import { parsePhoneNumberId } from '#domain/ids.ts';
import {
  aChat,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const OTHER_NUMBER = present(parsePhoneNumberId('100000000000009'));

let desk: Desk;

beforeEach(async () => {
  desk = new Desk();
  const numbers = [PHONE_NUMBER_ID, OTHER_NUMBER].map((phoneNumberId) => ({
    phoneNumberId,
    accountId: undefined,
  }));
  await desk.register.create({ tenant: aTenant(), numbers });
  for (const { phoneNumberId } of numbers) await desk.register.claim(phoneNumberId, TENANT_ID);
});

function chat(kind: string, ...args: readonly string[]): Promise<number> {
  return desk.run('chat', kind, '+34 600 111 222', '--tenant', 'bakery', ...args, '--local');
}

/** A customer writes and is answered. */
async function aConversation(): Promise<void> {
  await desk.accept(aTextMessage('My cake is late'));
  await desk.answer();
  desk.clock.advance(1_000);
  desk.bell.rings.length = 0;
}

function commands() {
  return desk.store
    .transcript(aChat())
    .flatMap((each) => (each.direction === 'in' ? (each.message.command ?? []) : []));
}

describe('a chat is', () => {
  beforeEach(aConversation);

  test('taken and given back, by who the credentials are of, or is named', async () => {
    expect(await chat('take')).toBe(0);
    expect(desk.out).toMatch(/^Taken into the chat's inbox as [0-9a-f-]{36}; carried out within/);
    desk.clock.advance(1);
    expect(await chat('release', '--by', 'Eva', '--id', 'back-1', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toEqual({ command: 'release', id: 'back-1', taken: true });
    expect(commands()).toEqual([
      { kind: 'take', by: 'ann', tenantId: 'bakery' },
      { kind: 'release', by: 'Eva', tenantId: 'bakery' },
    ]);
    expect(desk.bell.rings).toHaveLength(2);
  });

  test('waited for until the processor has done it', async () => {
    expect(await chat('take', '--wait')).toBe(0);
    expect(desk.out).toBe('The chat is taken: the assistant is silent until it is given back.\n');
    expect(await desk.store.readHead(aChat())).toMatchObject({ state: 'human' });
    expect(await chat('release', '--wait', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ carriedOut: true, delivery: null });
    expect(await desk.store.readHead(aChat())).toMatchObject({ state: 'assistant' });
  });

  test('said to be not carried out yet, where nobody does it', async () => {
    desk.process = async () => [];
    expect(await chat('take', '--wait')).toBe(1);
    expect(desk.out).toContain('not carried out within a minute');
  });
});

describe('words are', () => {
  beforeEach(aConversation);

  test('read from standard input, said once, and told how far they have come', async () => {
    desk.input = '  It is on its way.\n';
    expect(await chat('say', '--id', 'reply-1', '--wait')).toBe(0);
    expect(desk.out).toBe('It was said. WhatsApp: accepted.\n');
    expect(desk.texts).toContain('It is on its way.');
    const before = desk.texts.length;
    expect(await chat('say', '--id', 'reply-1', '--wait')).toBe(0);
    expect(desk.texts).toHaveLength(before);
    desk.input = 'Something else';
    expect(await chat('say', '--id', 'reply-1')).toBe(1);
    expect(desk.err).toContain('The id reply-1 was used for another command');
  });

  test.each([
    ['fix-needed', /and parked there: graph:190\. See npx concierge dead-letters list/],
    ['give-up-here', /^It did not reach the customer\. WhatsApp: refused graph:190\.\n$/],
  ] as const)('told of at once, where WhatsApp refuses them: %s', async (kind, words) => {
    desk.sender.next.push(() => ({ kind: 'refused', failure: { class: kind, code: 'graph:190' } }));
    desk.input = 'It is on its way.';
    const startedMs = desk.clock.now();
    expect(await chat('say', '--wait')).toBe(1);
    expect(desk.out).toMatch(words);
    expect(desk.clock.now() - startedMs).toBeLessThan(10_000);
  });

  test('asked for, where a person sits there', async () => {
    desk.reply = 'Typed by hand';
    expect(await chat('say')).toBe(0);
    expect(commands()).toMatchObject([{ content: { kind: 'text', text: 'Typed by hand' } }]);
  });

  test('refused when the 24 hours are over, and a template is not', async () => {
    desk.clock.advance(25 * 3_600_000);
    desk.input = 'Sorry!';
    expect(await chat('say')).toBe(1);
    expect(desk.err).toMatch(/are over, at 2026-\S+Z\. A template can be sent: --template/);
    expect(commands()).toEqual([]);
    const template = ['--template', 'we_are_back', '--language', 'es', '--parameter', 'Luis'];
    expect(await chat('say', ...template)).toBe(0);
    expect(commands()).toMatchObject([
      { content: { kind: 'template', name: 'we_are_back', language: 'es', parameters: ['Luis'] } },
    ]);
  });

  test.each([
    [[], 'Standard input is empty'],
    [['--template', 'No Name', '--language', 'es'], '--template takes the name'],
    [['--template', 'back'], 'Say in which language'],
    [['--language', 'es'], 'are for a template'],
    [['--template', 'back', '--language', 'es', '--text-file', 'x'], 'not both'],
    [['--text-file', '/nowhere'], 'cannot be read'],
    [['--id', 'a#b'], '--id takes'],
  ])('not taken with %j', async (args, hint) => {
    expect(await chat('say', ...args)).toBe(2);
    expect(desk.err).toContain(hint);
    expect(commands()).toEqual([]);
  });
});

describe('a contact', () => {
  test('with whom there is no chat is not written to', async () => {
    expect(await chat('take')).toBe(1);
    expect(desk.err).toContain('Nothing is stored of that contact');
  });

  test('who writes to two numbers is commanded at one of them', async () => {
    await aConversation();
    const other = { ...aChat(), phoneNumberId: OTHER_NUMBER };
    await desk.store.saveHead(other, { ...newHead(), tenantId: TENANT_ID });
    expect(await chat('take')).toBe(2);
    expect(desk.err).toContain(`--number ${PHONE_NUMBER_ID} or ${OTHER_NUMBER}`);
    expect(await chat('take', '--number', PHONE_NUMBER_ID)).toBe(0);
    expect(commands()).toHaveLength(1);
  });
});

test('what the table does not take is to be given again, with the same id', async () => {
  await aConversation();
  desk.store.accept = async () => ['refused'];
  expect(await chat('take', '--id', 'take-1')).toBe(1);
  expect(desk.err).toContain('Run the same again with --id take-1');
});
