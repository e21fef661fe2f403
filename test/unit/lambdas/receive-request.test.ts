import type { APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { InMemoryCommandBook } from '#adapters/in-memory/in-memory-command-book.ts';
import { InMemoryTenantDirectory } from '#adapters/in-memory/in-memory-tenant-directory.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import { takeOver } from '#domain/conversation/tenancy.ts';
import { type Chat, parsePhoneNumberId, parseTenantId } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { check } from '#lambdas/business/read-request.ts';
import { receiveRequest } from '#lambdas/business/receive-request.ts';
import { accepted, chatDetails, chatList, problem } from '#lambdas/business/schemas.ts';
import { aChat, aTenant, aTextMessage, PHONE_NUMBER_ID, present } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

const ACCOUNT = 'arn:aws:iam::123456789012';
const BAKERY = 'arn:aws:sts::123456789012:assumed-role/bakery-backend/desk-7';
const CLINIC = `${ACCOUNT}:user/clinic-backend`;
const CLINIC_NUMBER = present(parsePhoneNumberId('100000000000002'));

let world: ChatWorld;
let tenants: InMemoryTenantDirectory;
let book: InMemoryCommandBook;

beforeEach(async () => {
  world = new ChatWorld();
  book = new InMemoryCommandBook();
  tenants = new InMemoryTenantDirectory();
  tenants.put(PHONE_NUMBER_ID, tenantWith([`${ACCOUNT}:role/shops/bakery-backend`]));
  const clinic = { ...tenantWith([CLINIC]), id: present(parseTenantId('clinic')) };
  tenants.put(CLINIC_NUMBER, clinic);
  await world.accept(aTextMessage('My cake is late'));
});

function tenantWith(callers: readonly string[], over: Partial<Tenant> = {}): Tenant {
  return aTenant({ api: { callers }, ...over });
}

interface Call {
  readonly by?: string;
  readonly contact?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function call(routeKey: string, { by = BAKERY, contact, query, headers, body }: Call = {}) {
  const event = {
    routeKey,
    headers: headers ?? {},
    queryStringParameters: query ?? { number: PHONE_NUMBER_ID },
    pathParameters: { contact: contact ?? '34600111222' },
    requestContext: { requestId: 'request-2', authorizer: { iam: { userArn: by } } },
    isBase64Encoded: false,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
  const { store, bell, clock, log, metrics } = world;
  const archive = new InMemoryChatArchive(store);
  const answered = await receiveRequest(
    event as unknown as APIGatewayProxyEventV2WithIAMAuthorizer,
    {
      tenants,
      archive,
      chats: archive,
      book,
      inbox: store,
      bell,
      clock,
      log,
      metrics,
      pseudonyms,
      newId: () => 'made-up',
    },
  );
  const parsed = JSON.parse(String(answered.body));
  if ((answered.statusCode ?? 0) >= 400) {
    expect(answered.headers?.['content-type']).toBe('application/problem+json');
    expect(check(problem, parsed)).toMatchObject({ kind: 'fine' });
  }
  return { status: answered.statusCode, body: parsed, headers: answered.headers };
}

const SAY = 'POST /chats/{contact}/messages';
const TAKE = 'POST /chats/{contact}/take';
const SHOW = 'GET /chats/{contact}';
const LIST = 'GET /chats';
const ALL = [SAY, TAKE, 'POST /chats/{contact}/release', SHOW, LIST];

function commands(chat: Chat = aChat()) {
  return world.store
    .transcript(chat)
    .flatMap((each) => (each.direction === 'in' ? (each.message.command ?? []) : []));
}

async function aHead(contact: string, over: Partial<ChatHead> = {}): Promise<void> {
  const tenantId = present(parseTenantId('bakery'));
  await world.store.saveHead(aChat(contact), { ...newHead(), tenantId, ...over });
}

describe('a message', () => {
  test('is taken into the inbox, in the name of who signed', async () => {
    const { status, body } = await call(SAY, {
      body: { id: 'reply-1', text: 'It is on its way.' },
    });
    expect(status).toBe(202);
    expect(check(accepted, body)).toMatchObject({ kind: 'fine' });
    expect(body).toMatchObject({ id: 'reply-1', contact: '34600111222' });
    const content = { kind: 'text', text: 'It is on its way.' };
    const by = 'bakery-backend/desk-7';
    expect(commands()).toEqual([{ kind: 'say', by, content, tenantId: 'bakery' }]);
    expect(world.bell.rings).toHaveLength(1);
    expect(world.metrics.of('CommandsAccepted')).toBe(1);
  });

  test('that is repeated is one message, whether its id is in the header or the body', async () => {
    const body = { text: 'It is on its way.', by: 'Ana' };
    const first = await call(SAY, { body, headers: { 'idempotency-key': 'reply-1' } });
    world.clock.advance(5_000);
    const quoted = await call(SAY, { body, headers: { 'idempotency-key': '"reply-1"' } });
    const inBody = await call(SAY, { body: { ...body, id: 'reply-1' } });
    expect([quoted.body, inBody.body]).toEqual([first.body, first.body]);
    expect(commands()).toHaveLength(1);
    const other = await call(SAY, { body: { ...body, id: 'reply-1', text: 'No.' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'id-used' } });
  });

  test('needs an id, since it must not be said twice', async () => {
    expect(await call(SAY, { body: { text: 'Hello' } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'id' }] },
    });
    const two = { body: { text: 'Hello', id: 'a' }, headers: { 'idempotency-key': 'b' } };
    expect(await call(SAY, two)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'id' }] },
    });
    const odd = { body: { text: 'Hello' }, headers: { 'idempotency-key': 'a#b' } };
    expect(await call(SAY, odd)).toMatchObject({ status: 400 });
  });

  test('can be a template', async () => {
    const template = { name: 'order_ready', language: 'es', parameters: ['Luis'] };
    expect(await call(SAY, { body: { id: 'a', template } })).toMatchObject({ status: 202 });
    expect(commands()).toMatchObject([{ content: { kind: 'template', ...template } }]);
  });

  test('outside of the 24 hours is refused with when they ended, and what is possible', async () => {
    world.clock.advance(25 * 3_600_000);
    const { status, body } = await call(SAY, { body: { id: 'a', text: 'Sorry!' } });
    expect({ status, body }).toEqual({
      status: 409,
      body: {
        type: 'urn:whatsapp-concierge:problem:window-closed',
        title: 'The 24 hours for free words are over',
        status: 409,
        code: 'window-closed',
        detail: expect.stringContaining('2026-09-27T05:15:00.000Z'),
        closedAt: '2026-09-27T05:15:00.000Z',
        templatePossible: true,
      },
    });
    expect(commands()).toEqual([]);
  });

  test.each([
    ['nothing', undefined, 'text'],
    ['no JSON', '{', ''],
    ['an array', [], ''],
    ['neither words nor a template', { id: 'a' }, 'text'],
    ['the id of a timer of ours', { id: 'idle-7', text: 'Hi' }, 'id'],
    ['empty words', { id: 'a', text: '' }, 'text'],
    ['more words than anybody reads', { id: 'a', text: 'x'.repeat(20_001) }, 'text'],
    ['a key that there is not', { id: 'a', text: 'Hi', secret: 'my words' }, 'secret'],
    ['a name of two lines', { id: 'a', text: 'Hi', by: 7 }, 'by'],
  ])('of %s is refused, and nothing of it is repeated', async (_, body, field) => {
    const { status, body: answer } = await call(SAY, { body });
    expect(status).toBe(400);
    expect(answer.errors.map((each: { field: string }) => each.field)).toContain(field);
    expect(JSON.stringify(answer)).not.toContain('my words');
    expect(commands()).toEqual([]);
  });

  test('that is no JSON is told so', async () => {
    const { body } = await call(SAY, { body: '{' });
    expect(body.errors).toEqual([{ field: '', message: 'the body must be an object, in JSON' }]);
  });

  test('that is too large is not even read', async () => {
    expect(await call(SAY, { body: 'x'.repeat(300_000) })).toMatchObject({ status: 413 });
  });

  test('that the table does not take is to be sent again', async () => {
    world.store.accept = async () => ['refused'];
    const { status, headers } = await call(SAY, { body: { id: 'a', text: 'Hello' } });
    expect({ status, retry: headers?.['retry-after'] }).toEqual({ status: 503, retry: '5' });
  });
});

describe('a chat', () => {
  test('is taken and given back, with an id or without', async () => {
    expect(await call(TAKE, { body: { by: 'Ana' } })).toMatchObject({ body: { id: 'made-up' } });
    world.clock.advance(1);
    const release = await call('POST /chats/{contact}/release', { body: { id: 'back-1' } });
    expect(release).toMatchObject({ status: 202, body: { id: 'back-1' } });
    expect(commands()).toMatchObject([{ kind: 'take', by: 'Ana' }, { kind: 'release' }]);
  });

  test.each(['+34 600 111 222', '%2B34%20600%20111%20222', '34600111222'])(
    'goes by what people write: %s',
    async (contact) => {
      expect(await call(SHOW, { contact })).toMatchObject({ status: 200 });
    },
  );

  test('is shown with its words, its window and its state', async () => {
    await aHead('34600111222', { state: 'human', lastMessageAtMs: 1_790_400_000_000 });
    world.clock.advance(60_000);
    await call(SAY, { body: { id: 'reply-1', text: 'It is on its way.' } });
    const { body } = await call(SHOW);
    expect(check(chatDetails, body)).toMatchObject({ kind: 'fine' });
    expect(body).toMatchObject({
      chat: { contact: '34600111222', state: 'human', lastMessageAt: '2026-09-26T05:20:00.000Z' },
      window: { open: true, closesAt: '2026-09-27T05:15:00.000Z' },
      messages: [
        { from: 'customer', type: 'text', text: 'My cake is late', outcome: 'unfinished' },
        { from: 'person', id: 'reply-1', type: 'say', text: 'It is on its way.' },
      ],
    });
  });

  test('has nothing of what was said while its number was another’s', async () => {
    await world.answer();
    const stored = await world.store.readHead(aChat());
    world.clock.advance(60_000);
    const head = takeOver(stored, present(parseTenantId('bakery')), world.clock.now());
    await world.store.saveHead(aChat(), head);
    world.clock.advance(60_000);
    const timestamp = String(world.clock.now() / 1_000);
    await world.accept(aTextMessage('Are you open?', { id: 'wamid.new', timestamp }));
    const { body } = await call(SHOW);
    expect(body.messages).toMatchObject([{ from: 'customer', text: 'Are you open?' }]);
  });

  test.each(['34999', 'ES.nobody', '%%%', 'no contact!'])('%s is not there', async (contact) => {
    for (const route of [SHOW, TAKE]) {
      expect(await call(route, { contact })).toMatchObject({ body: { code: 'chat-unknown' } });
    }
  });

  test('of a suspended business cannot be commanded', async () => {
    const callers = [`${ACCOUNT}:role/bakery-backend`];
    tenants.put(PHONE_NUMBER_ID, tenantWith(callers, { status: 'suspended' }));
    expect(await call(TAKE)).toMatchObject({ status: 409, body: { code: 'tenant-suspended' } });
    expect(await call(SHOW)).toMatchObject({ status: 200 });
  });
});

describe('the list of chats', () => {
  beforeEach(async () => {
    await aHead('ES.1', { lastMessageAtMs: 3_000, state: 'human', flag: 'fallback-sent' });
    await aHead('ES.2', { lastMessageAtMs: 2_000 });
    await aHead('ES.3', { lastMessageAtMs: 1_000 });
  });

  async function listed(query: Record<string, string> = {}) {
    const { body } = await call(LIST, { query: { number: PHONE_NUMBER_ID, ...query } });
    expect(check(chatList, body)).toMatchObject({ kind: 'fine' });
    return {
      contacts: body.chats.map(({ contact }: { contact: string }) => contact),
      next: body.next,
    };
  }

  test('has the most recent first, page by page', async () => {
    expect(await listed()).toEqual({ contacts: ['ES.1', 'ES.2', 'ES.3'], next: null });
    const { contacts, next } = await listed({ limit: '2' });
    expect({ contacts, next }).toEqual({
      contacts: ['ES.1', 'ES.2'],
      next: '1970-01-01T00:00:02.000Z',
    });
    expect(await listed({ before: next })).toEqual({ contacts: ['ES.3'], next: null });
  });

  test('is of what is asked for', async () => {
    expect(await listed({ state: 'human' })).toMatchObject({ contacts: ['ES.1'] });
    expect(await listed({ flagged: 'true' })).toMatchObject({ contacts: ['ES.1'] });
    expect(await listed({ flagged: 'false' })).toMatchObject({ contacts: { length: 3 } });
  });

  test.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '201' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ state: 'asleep' }, 'state'],
    [{ before: 'yesterday' }, 'before'],
    [{ number: '' }, 'number'],
    [{ other: '1' }, 'other'],
  ])('is refused for %j', async (query, field) => {
    const { status, body } = await call(LIST, { query: { number: PHONE_NUMBER_ID, ...query } });
    expect({ status, field: body.errors?.[0]?.field }).toEqual({ status: 400, field });
  });
});

describe('the wall between tenants', () => {
  test.each(ALL)('%s: who calls for another tenant finds no such number', async (route) => {
    const body = { id: 'a', ...(route === SAY && { text: 'Hello' }) };
    const foreign = await call(route, { by: CLINIC, body });
    const nobodys = await call(route, { by: CLINIC, body, query: { number: '999' } });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'number-unknown' } });
    expect(nobodys).toEqual(foreign);
    expect(commands()).toEqual([]);
  });

  test.each([
    ['another role', 'arn:aws:sts::123456789012:assumed-role/bakery-backend-2/desk-7'],
    ['a user of the same name', `${ACCOUNT}:user/bakery-backend`],
    ['the role of another account', 'arn:aws:sts::999999999999:assumed-role/bakery-backend/x'],
    ['the account itself', 'arn:aws:iam::123456789012:root'],
    ['nobody', ''],
  ])('%s is not the caller that the tenant names', async (_, by) => {
    expect(await call(LIST, { by })).toMatchObject({ status: 404 });
  });

  test('a tenant that names nobody is called by nobody', async () => {
    tenants.put(PHONE_NUMBER_ID, aTenant());
    expect(await call(LIST)).toMatchObject({ status: 404 });
    tenants.put(PHONE_NUMBER_ID, 'misconfigured');
    expect(await call(LIST)).toMatchObject({ status: 404 });
  });

  test('a contact of both is shown to each with what is its own', async () => {
    const mine = { ...aChat(), phoneNumberId: CLINIC_NUMBER };
    await world.accept({ ...aTextMessage('My back hurts'), chat: mine });
    const theirs = await call(SHOW);
    expect(JSON.stringify(theirs.body)).not.toContain('My back hurts');
    const own = await call(SHOW, { by: CLINIC, query: { number: CLINIC_NUMBER } });
    expect(own.body.messages).toMatchObject([{ text: 'My back hurts' }]);
    await call(TAKE, { by: CLINIC, query: { number: CLINIC_NUMBER } });
    expect([commands(), commands(mine)]).toMatchObject([[], [{ kind: 'take' }]]);
  });

  test('of a number that changed hands the new tenant sees nothing of before', async () => {
    await aHead('34600111222');
    const clinic = tenants.findByPhoneNumber(CLINIC_NUMBER);
    tenants.put(PHONE_NUMBER_ID, present(await clinic));
    expect(await call(SHOW, { by: CLINIC })).toMatchObject({ body: { code: 'chat-unknown' } });
    expect(await call(LIST, { by: CLINIC })).toMatchObject({ body: { chats: [] } });
  });
});

test('no word, number or contact of a request is in the log', async () => {
  await call(SAY, { body: { id: 'a', text: 'my words' } });
  await call(SAY, { body: { id: 'b', text: 'my words', more: 1 } });
  await call(SHOW, { contact: '34999' });
  world.store.accept = async () => {
    throw new Error('my words');
  };
  expect(await call(SAY, { body: { id: 'c', text: 'my words' } })).toMatchObject({ status: 500 });
  const fields = world.log.lines.map(({ event, fields }) => ({ event, fields }));
  expect(JSON.stringify(fields)).not.toMatch(/my words|34600111222|34999/);
  expect(world.log.lines.map(({ event }) => event)).toContain('command_accepted');
  expect(world.metrics.of('ApiRequestsRefused')).toBe(3);
});
