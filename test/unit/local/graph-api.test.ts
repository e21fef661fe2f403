import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Callers } from '#local/callers.ts';
import { Faults, parseFault } from '#local/faults.ts';
import { type RunningServer, startPeerServer } from '#local/peer-server.ts';
import { GraphApi } from '#local/whatsapp/graph-api.ts';
import { aWorld, BAKERY, MIRA } from '#test/support/whatsapp-world.ts';

const HEADERS = { authorization: 'Bearer bakery-token', 'content-type': 'application/json' };
const REPLY = {
  messaging_product: 'whatsapp',
  to: MIRA,
  type: 'text',
  text: { body: 'Yes' },
};

let stage: ReturnType<typeof aWorld>;
let faults: Faults;
let server: RunningServer;
let killed: number;

beforeEach(async () => {
  stage = aWorld();
  faults = new Faults();
  killed = 0;
  const callers = new Callers(faults);
  callers.add({
    environmentId: 'env-1',
    functionName: 'processor',
    roleLogicalId: 'ProcessorRole',
    state: () => 'working',
    kill: () => {
      killed += 1;
    },
  });
  server = await startPeerServer(new GraphApi(stage.world), { faults, callers });
  stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
});

afterEach(() => server.close());

function at(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/from/env-1${path}`, { headers: HEADERS, ...init });
}

function sendReply(): Promise<Response> {
  const path = `/v26.0/${BAKERY.phoneNumberId}/messages`;
  return at(path, { method: 'POST', body: JSON.stringify(REPLY) });
}

describe('the Graph API', () => {
  it('accepts a reply', async () => {
    const response = await sendReply();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ messages: [{ id: expect.any(String) }] });
  });

  it('refuses a call without a token', async () => {
    const path = `/v26.0/${BAKERY.phoneNumberId}/messages`;
    const response = await at(path, { method: 'POST', headers: {}, body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { code: 190, type: 'OAuthException', fbtrace_id: expect.any(String) },
    });
  });

  it('wants a version in the path', async () => {
    const response = await at(`/${BAKERY.phoneNumberId}/messages`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ error: { code: 2500 } });
  });

  it.each([
    ['graph:131056', 400, 131056],
    ['graph:190', 401, 190],
    ['graph:131000', 500, 131000],
    ['status:503', 503, 2],
    ['status:500', 500, 131000],
    ['throttle', 400, 130429],
  ])('gives the body of Meta for the fault %s, without effect', async (fault, status, code) => {
    faults.arm('graph', parseFault(fault), 1);
    const response = await sendReply();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(stage.world.sent).toMatchObject([{ wamid: null, body: REPLY, error: { code } }]);
    expect((await sendReply()).status).toBe(200);
  });

  it('has sent the message when the connection breaks after the effect', async () => {
    faults.arm('graph', { kind: 'reset-after-effect' }, 1);
    await expect(sendReply()).rejects.toThrow();
    expect(stage.world.sent).toMatchObject([{ wamid: expect.any(String), error: null }]);
  });

  it.each([
    ['kill-caller', 0],
    ['kill-caller-after-effect', 1],
  ] as const)('%s ends the process that sends; %i messages went out', async (kind, sent) => {
    faults.arm('graph', { kind }, 1);
    await expect(sendReply()).rejects.toThrow();
    expect(killed).toBe(1);
    expect(stage.world.sent).toHaveLength(sent);
  });

  it('tells about a number only what was asked for', async () => {
    const response = await at(`/v26.0/${BAKERY.phoneNumberId}?fields=status,verified_name`);
    expect(await response.json()).toEqual({
      id: BAKERY.phoneNumberId,
      status: 'CONNECTED',
      verified_name: BAKERY.name,
    });
  });

  it('subscribes and unsubscribes an app', async () => {
    const path = `/v26.0/${BAKERY.accountId}/subscribed_apps`;
    await at(path, { method: 'DELETE' });
    expect(await (await at(path)).json()).toEqual({ data: [] });
    await at(path, { method: 'POST' });
    expect(await (await at(path)).json()).toMatchObject({ data: [{}] });
  });

  it('keeps media: up, out with the token within five minutes, sent, deleted', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', 'image/png');
    form.set('file', new Blob(['picture'], { type: 'image/png' }), 'a.png');
    const { authorization } = HEADERS;
    const path = `/v26.0/${BAKERY.phoneNumberId}/media`;
    const uploaded = await at(path, { method: 'POST', headers: { authorization }, body: form });
    const { id } = (await uploaded.json()) as { id: string };
    const answered = await at(`/v26.0/${id}?phone_number_id=${BAKERY.phoneNumberId}`);
    const info = (await answered.json()) as { url: string };
    expect(info).toMatchObject({ id, mime_type: 'image/png', file_size: '7' });
    expect(await (await fetch(info.url, { headers: { authorization } })).text()).toBe('picture');
    expect((await fetch(info.url)).status).toBe(401);
    stage.clock.advanceBy(5 * 60_000);
    expect((await fetch(info.url, { headers: { authorization } })).status).toBe(404);
    await at(`/v26.0/${id}`, { method: 'DELETE' });
    expect((await at(`/v26.0/${id}`)).status).toBe(400);
  });
});
