import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '#local/clock.ts';
import { Faults } from '#local/faults.ts';
import { ScriptedModel } from '#local/model/scripted-model.ts';
import { WebhookReceiver } from '#local/notices/webhook-receiver.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import { Feed } from '#local/simulator-api/feed.ts';
import { createSimulatorApi } from '#local/simulator-api/simulator-api.ts';
import { SqsError } from '#local/sqs/sqs-error.ts';
import { aWorld, BAKERY, MIRA, refusalOf, send } from '#test/support/whatsapp-world.ts';

let put: unknown[];
let stage: ReturnType<typeof aWorld>;
let faults: Faults;
let feed: Feed;
let model: ScriptedModel;
let server: RunningServer;

beforeEach(async () => {
  stage = aWorld();
  put = [];
  faults = new Faults();
  feed = new Feed();
  model = new ScriptedModel({ clock: realClock() });
  const { world } = stage;
  const api = createSimulatorApi({
    world,
    faults,
    feed,
    cloud: {
      kill: (...asked) => put.push(['kill', ...asked]),
      run: async (...asked) => {
        put.push(['run', ...asked]);
        return 'returned';
      },
      queues: () => [{ name: 'chat.fifo', available: 3, in_flight: 1 }],
      purge: (queue) => put.push(['purge', queue]),
      redrive: (queue) => {
        throw new SqsError('UnsupportedOperation', `${queue} is no dead-letter queue.`);
      },
      putSecret: async (name, value) => name === 'platform' && put.push(['secret', value]) > 0,
    },
    model,
    tenants: () => [],
    functions: () => ['ingest', 'processor'],
    metrics: () => ({ MessagesAccepted: 3 }),
    alarms: () => ({ alarms: [] }),
    deadLetters: async () => [{ reason: 'token-invalid' }],
    receiver: new WebhookReceiver(),
    topics: { published: [] },
    stack: () => ({ region: 'us-east-1' }),
  });
  server = await listen(createServer(api), 0);
});

afterEach(async () => {
  feed.close();
  await server.close();
});

function at(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/simulator/api/${path}`, init);
}

function post(path: string, body: unknown): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return at(path, { method: 'POST', body: text });
}

describe('messages', () => {
  it('takes a text and answers with its id', async () => {
    const response = await post('messages', { to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    expect(response.status).toBe(202);
    const { wamid } = (await response.json()) as { wamid: string };
    expect(await (await at(`chats/${BAKERY.phoneNumberId}/${MIRA}`)).json()).toMatchObject({
      contact: { phone: MIRA },
      messages: [{ wamid, direction: 'in', text: 'Hola' }],
    });
  });

  it("takes an element of Meta's messages[]", async () => {
    const message = { type: 'location', location: { latitude: 1, longitude: 2 } };
    const body = { to: BAKERY.phoneNumberId, from: MIRA, message };
    expect((await post('messages', body)).status).toBe(202);
    expect(stage.arrived[0]?.body.entry[0].changes[0].value.messages[0]).toMatchObject(message);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', []],
    ['no business', { from: MIRA, text: 'Hola' }],
    ['an unknown business', { to: '9', from: MIRA, text: 'Hola' }],
    ['no sender', { to: BAKERY.phoneNumberId, text: 'Hola' }],
    ['a sender that is no phone', { to: BAKERY.phoneNumberId, from: 'Mira', text: 'Hola' }],
    ['nothing to say', { to: BAKERY.phoneNumberId, from: MIRA }],
    ['an empty text', { to: BAKERY.phoneNumberId, from: MIRA, text: '' }],
    ['a text and a message', { to: BAKERY.phoneNumberId, from: MIRA, text: 'x', message: {} }],
    ['a message that is no object', { to: BAKERY.phoneNumberId, from: MIRA, message: 'x' }],
  ])('refuses %s with a clear error', async (_, body) => {
    const response = await post('messages', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { message: expect.any(String) } });
  });
});

describe('what can be read', () => {
  it('lists every Graph call', async () => {
    stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    send(stage.world, { type: 'text', text: { body: 'Yes' } });
    const { sent } = (await (await at('sent')).json()) as { sent: unknown };
    expect(sent).toEqual([
      {
        at: stage.clock.now(),
        phone_number_id: BAKERY.phoneNumberId,
        body: expect.objectContaining({ text: { body: 'Yes' } }),
        wamid: expect.any(String),
        error: null,
      },
    ]);
  });

  it('gives an empty transcript for somebody who never wrote, and none for an unknown number', async () => {
    const empty = await (await at(`chats/${BAKERY.phoneNumberId}/34600999888`)).json();
    expect(empty).toMatchObject({ contact: { phone: '34600999888' }, messages: [] });
    expect((await at('chats/9/34600999888')).status).toBe(404);
  });

  it('gives the sums of metrics, what is parked, and where the stack is', async () => {
    expect(await (await at('metrics')).json()).toEqual({ MessagesAccepted: 3 });
    expect(await (await at('stack')).json()).toEqual({ region: 'us-east-1' });
    expect(await (await at('dead-letters')).json()).toEqual({
      deadLetters: [{ reason: 'token-invalid' }],
    });
  });

  it('says which methods a path has, and that another path is none', async () => {
    expect((await at('sent', { method: 'DELETE' })).status).toBe(405);
    expect((await at('nothing')).status).toBe(404);
  });

  it('does not serve the pages of other sites', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await at('faults', { method: 'DELETE', headers })).status).toBe(403);
  });
});

describe('faults', () => {
  it('are armed, listed and cleared', async () => {
    const armed = await post('faults', { peer: 'lambda:processor', fault: 'kill', times: 2 });
    const expected = [{ peer: 'lambda:processor', fault: 'kill', times: 2 }];
    expect(await armed.json()).toEqual({ faults: expected });
    expect(await (await at('faults')).json()).toEqual({ faults: expected });
    expect(await (await at('faults', { method: 'DELETE' })).json()).toEqual({ faults: [] });
    expect(faults.list()).toEqual([]);
  });

  it.each([
    { peer: 'nobody', fault: 'kill' },
    { peer: 'lambda:nobody', fault: 'kill' },
    { peer: 'sqs', fault: 'kill' },
    { peer: 'lambda:processor', fault: 'kill-caller' },
    { peer: 'openai', fault: 'graph:190' },
    { peer: 'graph', fault: 'burn' },
    { peer: 'graph', fault: 'graph:x' },
    { peer: 'graph', fault: 'timeout', times: 0 },
    { peer: 'graph' },
  ])('refuses %o', async (body) => {
    expect((await post('faults', body)).status).toBe(400);
    expect(faults.list()).toEqual([]);
  });
});

describe('what an operator or an accident does', () => {
  it('ends processes of a function', async () => {
    const body = { function: 'processor', state: 'all', most: 2 };
    expect(await (await post('kills', body)).json()).toEqual({ killed: 1 });
    await post('kills', { function: 'ingest' });
    expect(put).toEqual([
      ['kill', 'processor', 'all', 2],
      ['kill', 'ingest', 'working', 1_000],
    ]);
  });

  it('runs a function as its schedule would', async () => {
    const answer = await post('invocations', { function: 'processor' });
    expect(await answer.json()).toEqual({ function: 'processor', outcome: 'returned' });
    expect((await post('invocations', { function: 'nobody' })).status).toBe(400);
    expect(put).toEqual([['run', 'processor']]);
  });

  it('lists and empties queues', async () => {
    const queues = [{ name: 'chat.fifo', available: 3, in_flight: 1 }];
    expect(await (await at('queues')).json()).toEqual({ queues });
    expect((await post('purges', { queue: 'chat.fifo' })).status).toBe(200);
    expect(put).toEqual([['purge', 'chat.fifo']]);
  });

  it('puts secrets, and the tokens that WhatsApp takes', async () => {
    const value = { appSecrets: ['next'] };
    expect((await post('secrets', { secret: 'platform', value })).status).toBe(200);
    expect(put).toEqual([['secret', value]]);
    const tokens = { phone_number_id: BAKERY.phoneNumberId, access_tokens: ['new'] };
    expect((await post('access-tokens', tokens)).status).toBe(200);
    stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    const text = { type: 'text', text: { body: 'Yes' } };
    expect(refusalOf(() => send(stage.world, text)).code).toBe(190);
    expect(send(stage.world, text, 'new')).toMatchObject({ messaging_product: 'whatsapp' });
  });

  it.each([
    ['kills', { function: 'nobody' }],
    ['kills', { function: 'processor', state: 'asleep' }],
    ['kills', { function: 'processor', most: 0 }],
    ['purges', { queue: 'nothing' }],
    ['redrives', { queue: 'chat.fifo' }],
    ['secrets', { secret: 'nobody', value: {} }],
    ['secrets', { secret: 'platform', value: 'x' }],
    ['statuses', { delivery: 'backwards' }],
    ['statuses', {}],
    ['access-tokens', { phone_number_id: '9', access_tokens: ['x'] }],
    ['access-tokens', { phone_number_id: BAKERY.phoneNumberId, access_tokens: [] }],
  ])('refuses %s %o with a clear error', async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { message: expect.any(String) } });
    expect(put).toEqual([]);
  });
});

describe('status webhooks', () => {
  const statuses = () =>
    stage.arrived.flatMap(({ body }) => body.entry[0].changes[0].value.statuses ?? []);

  async function reply(): Promise<void> {
    stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    send(stage.world, { type: 'text', text: { body: 'Yes' } });
    await stage.pass(5_000);
  }

  it('come late, in their order, where they are held', async () => {
    await post('statuses', { delivery: 'held' });
    await reply();
    expect(statuses()).toEqual([]);
    await post('statuses', { delivery: 'normal' });
    await stage.pass(0);
    expect(statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
  });

  it('never come where they are lost', async () => {
    await post('statuses', { delivery: 'lost' });
    await reply();
    await post('statuses', { delivery: 'normal' });
    await stage.pass(5_000);
    expect(statuses()).toEqual([]);
  });
});

describe('the model', () => {
  it('can be made slow and told what to answer', async () => {
    const answers = [{ kind: 'refusal', text: 'No.' }];
    const response = await post('model', { latency_ms: 40, answers });
    expect(await response.json()).toMatchObject({ kind: 'scripted', latency_ms: 40 });
    expect(model.latencyMs).toBe(40);
  });

  it.each([{ latency_ms: -1 }, { latency_ms: '5' }, { answers: [{ kind: 'magic' }] }])(
    'refuses %o',
    async (body) => {
      expect((await post('model', body)).status).toBe(400);
    },
  );
});

describe('the feed', () => {
  it('tells a page what happened before it came, and then what happens', async () => {
    feed.push({ at: 1, kind: 'turn', detail: 'first' });
    const response = await at('events');
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    while (!heard.includes('first')) heard += (await reader?.read())?.value ?? '';
    feed.push({ at: 2, kind: 'model', detail: 'second' });
    while (!heard.includes('second')) heard += (await reader?.read())?.value ?? '';
    expect(heard).toContain('id: 2\ndata: {"at":2,"kind":"model","detail":"second"}\n\n');
    await reader?.cancel();
  });

  it('lets a page go that does not read', async () => {
    const page = connect(server.port, '127.0.0.1');
    page.write('GET /simulator/api/events HTTP/1.1\r\nhost: local\r\n\r\n');
    await once(page, 'data');
    page.pause();
    const gone = once(page, 'close');
    page.on('error', () => {});
    // What the system keeps on its way is a few megabytes.
    for (let told = 0; told < 400; told += 1) {
      feed.push({ at: told, kind: 'turn', detail: 'x'.repeat(100_000) });
      await setImmediate();
    }
    page.resume();
    await gone;
  });
});
