import { beforeEach, expect, test } from 'vitest';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { LogEvent } from '#app/ports/log.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { parseTenantId } from '#domain/ids.ts';
import { makeWamid } from '#local/whatsapp/wamid.ts';
import {
  aChat,
  aParking,
  aTenant,
  aTextMessage,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

const CONTACT = '34600111222';
const WAMID = makeWamid('in', CONTACT, (count) => Buffer.alloc(count, 7));
const NAME = pseudonyms.ofWamid(WAMID);

let desk: Desk;

beforeEach(async () => {
  desk = new Desk();
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: '200000000000001' }];
  await desk.register.create({ tenant: aTenant(), numbers });
  await desk.register.claim(PHONE_NUMBER_ID, TENANT_ID);
});

function trace(...args: readonly string[]): Promise<number> {
  return desk.run('trace', ...args, '--local');
}

function aQuestion() {
  const at = String(Math.floor(desk.clock.now() / 1000));
  return aTextMessage('Do you bake at night?', { id: WAMID, timestamp: at });
}

/** A line as a function would have logged it now. */
function logs(service: string, event: LogEvent, fields: Record<string, string | number> = {}) {
  const shown = { level: 'INFO', message: event, service, correlationId: 'request-1', ...fields };
  desk.logged.push({ atMs: desk.clock.now(), service, event, level: 'INFO', fields: shown });
}

const OF_THE_CHAT = { chat: pseudonyms.ofChat(aChat()), phoneNumberId: PHONE_NUMBER_ID };

/** The message is taken in, answered and read. */
async function aStory(): Promise<string> {
  await desk.accept(aQuestion());
  logs('ingest', 'message_arrived', { ...OF_THE_CHAT, messageId: NAME, outcome: 'accepted' });
  desk.clock.advance(1_500);
  logs('processor', 'model_called', { ...OF_THE_CHAT, tenantId: TENANT_ID, cost: 1_234 });
  await desk.answer();
  const bubble = desk.store.transcript(aChat()).find(({ direction }) => direction === 'out');
  if (bubble?.direction !== 'out') throw new Error('there was no answer');
  desk.clock.advance(60_000);
  await desk.store.mergeDelivery({
    reference: { chat: aChat(), turnId: bubble.turnId, part: 0 },
    wamid: 'wamid.OUT',
    status: 'read',
    atMs: desk.clock.now(),
    errorCode: undefined,
    pricing: undefined,
  });
  return bubble.wamid ?? '';
}

test('tells a message’s story from the tables and the logs, and no word of it', async () => {
  await aStory();
  expect(await trace(WAMID)).toBe(0);
  const lines = desk.out.split('\n');
  expect(desk.out).toMatch(/^tenant +bakery$/m);
  expect(desk.out).toMatch(/^outcome +answered$/m);
  expect(desk.out).toMatch(/^reply +part 1 read$/m);
  expect(desk.out).toMatch(/^cost +\$0\.001234$/m);
  const stations = lines.slice(lines.findIndex((line) => line.startsWith('TIME')) + 1, -1);
  expect(stations.map((line) => line.split(/ {2,}/).slice(1))).toEqual([
    ['WhatsApp', 'text written by the customer'],
    ['+0 ms', 'inbox', 'accepted'],
    ['+0 ms', 'ingest', 'message_arrived outcome=accepted'],
    ['+1.5 s', 'processor', 'reply drafted'],
    ['+0 ms', 'model', 'model_called cost=1234'],
    ['+60.0 s', 'WhatsApp', 'part 1 read'],
  ]);
  for (const secret of ['Do you bake', CONTACT, WAMID.slice(0, 20)])
    expect(desk.out).not.toContain(secret);
});

test('prints the words only where they are asked for, and records that', async () => {
  await aStory();
  expect(await trace(WAMID, '--text', '--json')).toBe(0);
  const story = JSON.parse(desk.out);
  expect(story).toMatchObject({
    message: NAME,
    stored: true,
    tenant: 'bakery',
    contact: CONTACT,
    item: { outcome: 'answered', text: 'Do you bake at night?' },
    turn: [{ kind: 'bubble', outcome: 'read', text: 'You said: Do you bake at night?' }],
    dollars: 0.001234,
  });
  const { actions } = await desk.audit.list({ tenant: undefined, sinceMs: 0 });
  expect(actions).toMatchObject([{ command: 'trace', subject: NAME }]);
});

test('a bubble of ours is traced by its own id', async () => {
  const bubble = await aStory();
  logs('events', 'status_merged', {
    ...OF_THE_CHAT,
    correlationId: 'request-9',
    bubbleId: pseudonyms.ofWamid(bubble),
    status: 'read',
  });
  expect(await trace(bubble, '--chat', CONTACT)).toBe(0);
  expect(desk.out).toMatch(/^what +part 1 of what we said$/m);
  expect(desk.out).toContain('text written by the customer, another message of the turn');
  expect(desk.out).toMatch(/events +status_merged status=read$/m);
});

test('what is parked is found by its hash alone', async () => {
  const message = aTextMessage('Rye?', { id: 'wamid.WITHOUT-A-NUMBER' });
  await desk.accept(message);
  await desk.store.park(message.chat, [inboundKey(message)], aParking('token'));
  expect(await trace('wamid.WITHOUT-A-NUMBER')).toBe(0);
  expect(desk.out).toMatch(/^outcome +parked token$/m);
});

test('of an id that names nobody, the lines lead to the chat', async () => {
  const message = aTextMessage('Spelt?', { id: 'wamid.NAMES-NOBODY' });
  await desk.accept(message);
  await desk.answer();
  expect(await trace('wamid.NAMES-NOBODY')).toBe(1);
  const messageId = pseudonyms.ofWamid('wamid.NAMES-NOBODY');
  logs('ingest', 'message_arrived', { ...OF_THE_CHAT, messageId, outcome: 'accepted' });
  expect(await trace('wamid.NAMES-NOBODY')).toBe(0);
  expect(desk.out).toMatch(/^outcome +answered$/m);
});

test('what was refused is told from the logs, since nothing of it is stored', async () => {
  logs('ingest', 'message_arrived', { messageId: NAME, outcome: 'unbound', app: 'bakery-app' });
  expect(await trace(WAMID)).toBe(0);
  expect(desk.out).toContain('in the logs only: nothing of it is stored');
  expect(desk.out).toContain('message_arrived outcome=unbound app=bakery-app');
});

test('leaves out what the same webhook brought of others', async () => {
  await aStory();
  logs('ingest', 'message_arrived', { messageId: 'another', outcome: 'accepted' });
  logs('processor', 'turn_closed', { chat: 'another', outcome: 'answered' });
  logs('processor', 'turn_closed', { ...OF_THE_CHAT, turnId: '1790400000000.99' });
  expect(await trace(WAMID)).toBe(0);
  expect(desk.out).not.toContain('turn_closed');
  expect(desk.out.match(/message_arrived/g)).toHaveLength(1);
});

test('says what to do where nothing is known, and never repeats the id', async () => {
  expect(await trace(WAMID)).toBe(1);
  expect(desk.err).toContain('Nothing is known of this message');
  expect(desk.err).toContain('--since 30d');
  expect(desk.err).not.toContain(WAMID);
  expect(await trace('34600111222')).toBe(2);
  expect(desk.err).toContain('begins with "wamid."');
  expect(desk.err).not.toContain('34600111222');
});

test('looks no further back than it is told', async () => {
  logs('ingest', 'message_arrived', { messageId: NAME, outcome: 'too-old' });
  desk.clock.advance(2 * 86_400_000);
  expect(await trace(WAMID, '--since', '1d')).toBe(1);
  expect(await trace(WAMID, '--since', '3d')).toBe(0);
});

test('tells what the tables know where the logs cannot be asked, and says so', async () => {
  await aStory();
  desk.logTrouble = Object.assign(new Error('No rights.'), { name: 'AccessDeniedException' });
  expect(await trace(WAMID)).toBe(1);
  expect(desk.out).toMatch(/^outcome +answered$/m);
  expect(desk.err.match(/The logs cannot be asked/g)).toHaveLength(1);
});

test('tells no story of one tenant under the name of another', async () => {
  await aStory();
  const id = present(parseTenantId('clinic'));
  const numbers = [{ phoneNumberId: PHONE_NUMBER_ID, accountId: undefined }];
  await desk.register.create({ tenant: aTenant({ id }), numbers });
  expect(await trace(WAMID, '--tenant', 'clinic')).toBe(1);
  expect(desk.err).toContain('This message is not of clinic');
  expect(desk.out).toBe('');
});

test('nor what the logs alone know of it', async () => {
  logs('ingest', 'message_arrived', { ...OF_THE_CHAT, messageId: NAME, outcome: 'too-old' });
  const id = present(parseTenantId('clinic'));
  await desk.register.create({ tenant: aTenant({ id }), numbers: [] });
  expect(await trace(WAMID, '--tenant', 'clinic')).toBe(1);
  expect(desk.err).toContain('This message is not of clinic');
  expect(desk.out).toBe('');
  expect(await trace(WAMID, '--tenant', TENANT_ID)).toBe(0);
});
