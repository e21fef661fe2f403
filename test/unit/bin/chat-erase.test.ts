import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { newHead } from '#domain/conversation/head.ts';
import { parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import {
  aChat,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const PHONE = '34600111222';
const ACCOUNT = '700100200300401';

async function aDesk(over: { accountId?: string | undefined } = {}): Promise<Desk> {
  const desk = new Desk();
  const number = { phoneNumberId: PHONE_NUMBER_ID, accountId: ACCOUNT, ...over };
  await desk.register.create({ tenant: aTenant(), numbers: [number] });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
  await desk.accept(aTextMessage('I am Mira'));
  await desk.answer();
  await desk.park(aTextMessage('and this waits'));
  // Nobody is at work on it any more; what is told of the erasure comes after the messages.
  desk.clock.advance(15 * 60_000);
  return desk;
}

test('erases what was said, with what is parked and its dead letter', async () => {
  const desk = await aDesk();
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(0);
  expect(desk.out).toContain('Erased 1 chat: 2 messages, 1 bubble; 0 kept events.\n');
  expect(desk.out).toContain('Removed 1 ring of it from the dead-letter queue.\n');
  expect(desk.store.transcript(aChat())).toEqual([]);
  expect(desk.queue.size).toBe(0);
  expect(desk.err).toBe('');
});

test('tells programs the same, without the contact', async () => {
  const desk = await aDesk();
  const args = ['chat', 'erase', `+${PHONE}`, '--tenant', 'bakery', '--local', '--yes', '--json'];
  expect(await desk.run(...args)).toBe(0);
  expect(JSON.parse(desk.out)).toEqual({
    chats: [expect.stringMatching(/^[0-9a-f]{32}$/)],
    messages: 2,
    bubbles: 1,
    otherItems: 0,
    files: 0,
    events: 0,
    eventsSearched: true,
    complete: true,
    deadLetterQueue: { removed: 1, rungAgain: 0, kept: 0, notTaken: 0, unreadable: 0 },
  });
  expect(desk.out).not.toContain(PHONE);
});

test('asks, and erases nothing where the answer is another', async () => {
  const desk = await aDesk();
  desk.reply = 'yes';
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local')).toBe(1);
  expect(desk.err).toContain('Nothing was erased.');
  expect(desk.store.transcript(aChat())).toHaveLength(3);
  desk.reply = PHONE;
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local')).toBe(0);
  expect(desk.store.transcript(aChat())).toEqual([]);
});

test.each([
  [['erase', PHONE, '--local', '--yes'], "required option '--tenant <tenant>'"],
  [['erase', '--tenant', 'bakery', '--local', '--yes'], "missing required argument 'contact'"],
  [['erase', 'Mira Okafor', '--tenant', 'bakery', '--local', '--yes'], 'A contact is a user id'],
  [['erase', PHONE, '--tenant', 'The Bakery', '--local', '--yes'], 'is no tenant id'],
  [['erase', PHONE, '--tenant', 'bakery', '--local'], 'Say --yes'],
  [['erase', PHONE, '--tenant', 'bakery', '--yes'], 'Say which application'],
])('%j is refused in one line, with exit code 2', async (args, hint) => {
  const desk = await aDesk();
  expect(await desk.run('chat', ...args)).toBe(2);
  expect(desk.err).toContain(hint);
  expect(desk.err.trimEnd().split('\n')).toHaveLength(1);
  expect(desk.store.transcript(aChat())).toHaveLength(3);
});

test('a tenant that there is not is an error, with a suggestion', async () => {
  const desk = await aDesk();
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakerie', '--local', '--yes')).toBe(1);
  expect(desk.err).toContain('There is no tenant bakerie');
  expect(desk.err).toContain('bakery');
});

test('another business that the same person writes to keeps what it has', async () => {
  const desk = await aDesk();
  const other = { ...aChat(), phoneNumberId: present(parsePhoneNumberId('100000000000002')) };
  const message = aTextMessage('hello clinic');
  await desk.accept({ ...message, chat: other });
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(0);
  expect(desk.store.transcript(other)).toHaveLength(1);
});

test('a contact that nobody knows is said to be so', async () => {
  const desk = await aDesk();
  expect(await desk.run('chat', 'erase', 'ES.1', '--tenant', 'bakery', '--local', '--yes')).toBe(0);
  expect(desk.out).toContain('Nothing is known of this contact at bakery');
});

test('where a number’s account is not known it says that kept events were not looked through', async () => {
  const desk = await aDesk({ accountId: undefined });
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(1);
  expect(desk.err).toContain('each goes within 30 days');
  expect(desk.store.transcript(aChat())).toEqual([]);
});

test('it waits where somebody may still be writing, and says so', async () => {
  const desk = await aDesk();
  desk.isWatched = true;
  await desk.accept(aTextMessage('just now'));
  const before = desk.clock.now();
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(0);
  expect(desk.clock.now() - before).toBe(65_000);
  expect(desk.err).toContain('Waiting 65 s for functions that may still be writing…');
});

test('a number that went to another tenant is erased by whose the chat is, as it is shown', async () => {
  const desk = await aDesk();
  const clinic = present(parseTenantId('clinic'));
  await desk.register.release(PHONE_NUMBER_ID, TENANT_ID);
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: ACCOUNT }];
  await desk.register.create({ tenant: aTenant({ id: clinic }), numbers });
  await desk.register.claim(PHONE_NUMBER_ID, clinic);
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'clinic', '--local', '--yes')).toBe(0);
  expect(desk.out).toContain('Nothing is known of this contact at clinic');
  expect(desk.store.transcript(aChat())).toHaveLength(3);
  const named = ['--number', PHONE_NUMBER_ID, '--tenant', 'bakery'];
  expect(await desk.run('chat', 'erase', PHONE, ...named, '--local', '--yes')).toBe(1);
  expect(desk.out).toContain('Erased 1 chat: 2 messages, 1 bubble');
  expect(desk.err).toContain(`${PHONE_NUMBER_ID} is not bakery's now`);
  expect(desk.store.transcript(aChat())).toEqual([]);
});

test('a tenant that was removed erases at the number that it had', async () => {
  const desk = await aDesk();
  await desk.run('tenant', 'remove', 'bakery', '--yes', '--local');
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(1);
  expect(desk.err).toContain('There is no tenant bakery');
  const named = ['--number', PHONE_NUMBER_ID, '--tenant', 'bakery'];
  await desk.run('chat', 'erase', PHONE, ...named, '--local', '--yes');
  expect(desk.out).toContain('Erased 1 chat');
  expect(desk.store.transcript(aChat())).toEqual([]);
  expect(desk.queue.size).toBe(0);
});

test('the dead letters of others stay as they are', async () => {
  const desk = await aDesk();
  const other = aTextMessage('hello', { from: '34600999888' });
  await desk.accept(other);
  desk.queue.addFor(other);
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(0);
  expect(desk.queue.size).toBe(1);
  expect(desk.out).toContain('Removed 1 ring of it');
});

test('what is erased is told also where its dead letters cannot be reached', async () => {
  const desk = await aDesk();
  desk.queue.receive = () => Promise.reject(new Error('no network'));
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(1);
  expect(desk.out).toContain('Erased 1 chat: 2 messages');
  expect(desk.err).toContain('rings on the dead-letter queue, which hold no word, are left');
  const args = ['chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes', '--json'];
  expect(await desk.run(...args)).toBe(1);
  expect(JSON.parse(desk.out)).toMatchObject({ complete: true, deadLetterQueue: null });
});

test('a ring that cannot be read may be of the contact, and is told', async () => {
  const desk = await aDesk();
  desk.queue.add('malformed');
  expect(await desk.run('chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes')).toBe(1);
  expect(desk.err).toContain('1 ring of the dead-letter queue cannot be read by this release');
});

describe('a contact of whom everything waits', () => {
  const USER = 'ES.9021';

  /** Nothing links the user id with the phone number before the first turn. */
  async function aWaitingDesk(over: Record<string, unknown> = {}): Promise<Desk> {
    const desk = new Desk();
    const number = { phoneNumberId: PHONE_NUMBER_ID, accountId: ACCOUNT };
    await desk.register.create({ tenant: aTenant(), numbers: [number] });
    await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
    await desk.park(aTextMessage('parked words', { from_user_id: USER, ...over }));
    return desk;
  }

  test('is erased by the phone number, with what is not worked yet', async () => {
    const desk = await aWaitingDesk();
    await desk.accept(aTextMessage('newer', { from_user_id: 'ES.9022', timestamp: '1790400100' }));
    const args = ['chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes'];
    expect(await desk.run(...args)).toBe(0);
    expect(desk.out).toContain('2 messages, 0 bubbles');
    expect(desk.out).toContain('Removed 1 ring of it from the dead-letter queue.');
    expect(desk.store.transcript(aChat(USER))).toEqual([]);
    expect(desk.store.transcript(aChat('ES.9022'))).toEqual([]);
  });

  test('is shown and exported by the phone number', async () => {
    const desk = await aWaitingDesk();
    const args = [PHONE, '--tenant', 'bakery', '--local'];
    expect(await desk.run('chat', 'show', ...args)).toBe(0);
    expect(await desk.run('chat', 'show', ...args, '--text')).toBe(0);
    expect(desk.out).toContain('parked words');
    const to = mkdtempSync(join(tmpdir(), 'waiting-'));
    expect(await desk.run('chat', 'export', ...args, '--to', to, '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toMatchObject({ chats: 1, messages: 1 });
    rmSync(to, { recursive: true });
  });

  test('keeps what another contact has waiting', async () => {
    const desk = await aWaitingDesk({ from: '34600999888' });
    const args = ['chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes'];
    expect(await desk.run(...args)).toBe(0);
    expect(desk.out).toContain(
      `Nothing is known of this contact at bakery (numbers: ${PHONE_NUMBER_ID})`,
    );
    expect(desk.store.transcript(aChat(USER))).toHaveLength(1);
  });

  test('is told, and not taken, where the phone number leads to somebody else', async () => {
    const desk = await aWaitingDesk();
    const movedTo = aChat('ES.1').contact;
    await desk.store.saveHead(aChat(PHONE), { ...newHead(), tenantId: TENANT_ID, movedTo });
    const args = ['chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes'];
    expect(await desk.run(...args)).toBe(1);
    expect(desk.err).toContain(`What waits under ${USER} names this contact too`);
    expect(desk.store.transcript(aChat(USER))).toHaveLength(1);
  });

  test('has its ids told beside the text of a dead letter', async () => {
    const desk = await aWaitingDesk();
    const [parked] = await desk.store.listParked();
    const name = pseudonyms.ofMessage(present(parked).key);
    expect(await desk.run('dead-letters', 'show', name, '--local')).toBe(0);
    expect(desk.out).not.toContain(PHONE);
    expect(await desk.run('dead-letters', 'show', name, '--text', '--local')).toBe(0);
    expect(desk.out).toMatch(new RegExp(`^contact +${USER} ${PHONE}$`, 'm'));
  });
});

test('who is erased already is not waited for again', async () => {
  const desk = await aDesk();
  await desk.accept(aTextMessage('just now'));
  const args = ['chat', 'erase', PHONE, '--tenant', 'bakery', '--local', '--yes'];
  expect(await desk.run(...args)).toBe(0);
  expect(desk.err).toContain('Waiting 65 s for functions that may still be writing…\n');
  const before = desk.clock.now();
  expect(await desk.run(...args)).toBe(0);
  expect(desk.clock.now()).toBe(before);
});
