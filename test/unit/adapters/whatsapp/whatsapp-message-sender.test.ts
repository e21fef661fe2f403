import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WhatsAppMessageSender } from '#adapters/whatsapp/whatsapp-message-sender.ts';
import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { readCallbackData } from '#domain/conversation/callback-data.ts';
import { parseContactId, parseTurnId } from '#domain/ids.ts';
import { aChat, PHONE_NUMBER_ID, present, TENANT_ID } from '#test/support/builders.ts';
import {
  type Answer,
  halfAnAnswer,
  json,
  reset,
  silence,
  startLoopbackPeer,
} from '#test/support/loopback-peer.ts';

const REFERENCE = { chat: aChat(), turnId: present(parseTurnId('1790400010123.4')), part: 1 };
const WA_ID = parseContactId('34600111222');
const USER_ID = parseContactId('ES.90210456612300774512');

const ACCEPTED = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '+34600111222', wa_id: '34600111222' }],
  messages: [{ id: 'wamid.OUT9', message_status: 'accepted' }],
};

function aText(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    tenantId: TENANT_ID,
    recipient: { waId: WA_ID, userId: USER_ID },
    text: 'Two left. 👋🏽',
    reference: REFERENCE,
    timeoutMs: 20_000,
    ...over,
  };
}

function text(words: string) {
  return { type: 'text', text: words };
}

function aGraphError(code: number) {
  return { error: { message: `(#${code}) Outside words`, type: 'OAuthException', code } };
}

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

/** A sender whose token is the first one, until it is refreshed. */
function aSender(tokens: string[] = ['token-1'], baseUrl = `${peer.url}/from/env-1`) {
  const left = [...tokens];
  return new WhatsAppMessageSender({
    apiVersion: 'v26.0',
    baseUrl,
    secrets: {
      tenant: async () => ({ accessToken: left[0] ?? '' }),
      refreshTenant: async () => left.length > 1 && left.shift() !== undefined,
    },
  });
}

describe('a text', () => {
  it('goes to the phone number, with the reference that a status will carry', async () => {
    peer.answerWith(json(200, ACCEPTED));
    expect(await aSender().send(aText())).toEqual({ kind: 'sent', wamid: 'wamid.OUT9' });
    const [request] = peer.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: `/from/env-1/v26.0/${PHONE_NUMBER_ID}/messages`,
      headers: { authorization: 'Bearer token-1', 'content-type': 'application/json' },
      body: {
        messaging_product: 'whatsapp',
        to: '+34600111222',
        type: 'text',
        text: { body: 'Two left. 👋🏽', preview_url: false },
      },
    });
    expect(request?.body.recipient).toBeUndefined();
    expect(readCallbackData(request?.body.biz_opaque_callback_data)).toEqual(REFERENCE);
  });

  it.each([
    [['Mira', '12:30'], [{ type: 'body', parameters: [text('Mira'), text('12:30')] }]],
    [[], []],
  ])('is a template where one is wanted, with %j in it', async (parameters, components) => {
    peer.answerWith(json(200, ACCEPTED));
    const template = { name: 'cake_ready', language: 'en_US', parameters };
    await aSender().send(aText({ text: '[Template cake_ready]', template }));
    const [request] = peer.requests;
    expect(request?.body).toMatchObject({
      type: 'template',
      template: { name: 'cake_ready', language: { code: 'en_US' }, components },
    });
    expect(request?.body.text).toBeUndefined();
  });

  it('goes to the user id where no number is known', async () => {
    peer.answerWith(json(200, ACCEPTED));
    await aSender().send(aText({ recipient: { waId: undefined, userId: USER_ID } }));
    expect(peer.requests[0]?.body).toMatchObject({ recipient: USER_ID });
    expect(peer.requests[0]?.body.to).toBeUndefined();
  });

  it('goes nowhere where neither is known', async () => {
    peer.answerWith(json(200, ACCEPTED));
    const nobody = aText({ recipient: { waId: undefined, userId: undefined } });
    expect(await aSender().send(nobody)).toMatchObject({ failure: { class: 'give-up-here' } });
    expect(peer.requests).toEqual([]);
  });

  it('was perhaps sent where the success has no id', async () => {
    peer.answerWith(json(200, { messaging_product: 'whatsapp' }));
    expect(await aSender().send(aText())).toMatchObject({ kind: 'ambiguous' });
  });

  it.each([
    [400, 131047, { kind: 'refused', failure: { class: 'give-up-here', code: 'graph:131047' } }],
    [400, 131056, { kind: 'refused', failure: { class: 'retry', code: 'graph:131056' } }],
    [500, 131000, { kind: 'ambiguous', code: 'graph:131000' }],
    [200, 131026, { kind: 'refused', failure: { class: 'give-up-here', code: 'graph:131026' } }],
  ])('is answered with HTTP %i and code %i', async (status, code, expected) => {
    peer.answerWith(json(status, aGraphError(code)));
    expect(await aSender().send(aText())).toMatchObject(expected);
    expect(peer.requests).toHaveLength(1);
  });
});

describe('a broken line', () => {
  it.each([
    ['is reset after the request', reset],
    ['breaks off in the answer', halfAnAnswer],
    ['stays silent', silence],
  ])('that %s leaves it open whether the text was sent', async (_what, answer) => {
    peer.answerWith(answer);
    const result = await aSender().send(aText({ timeoutMs: 150 }));
    expect(result).toMatchObject({ kind: 'ambiguous' });
    expect(peer.requests).toHaveLength(1);
  });

  it('that never came about has sent nothing', async () => {
    const gone = await startLoopbackPeer();
    await gone.close();
    expect(await aSender(['token-1'], gone.url).send(aText())).toEqual({
      kind: 'refused',
      failure: { class: 'retry', code: 'graph:econnrefused' },
    });
  });

  it('does not spoil the next text', async () => {
    const sender = aSender();
    peer.answerWith(json(200, ACCEPTED), reset, json(200, ACCEPTED));
    expect(await sender.send(aText())).toMatchObject({ kind: 'sent' });
    expect(await sender.send(aText())).toMatchObject({ kind: 'ambiguous' });
    expect(await sender.send(aText())).toMatchObject({ kind: 'sent' });
  });
});

describe('the token', () => {
  it('that cannot be one is a matter for the operator', async () => {
    peer.answerWith(json(200, ACCEPTED));
    expect(await aSender(['token-1\n']).send(aText())).toMatchObject({
      kind: 'refused',
      failure: { class: 'fix-needed', remedy: 'token' },
    });
    expect(peer.requests).toEqual([]);
  });

  it.each([
    ['code 190', json(400, aGraphError(190))],
    ['HTTP 401', json(401, 'no JSON of theirs')],
  ])('is fetched again after %s', async (_what, refusal) => {
    peer.answerWith(refusal, json(200, ACCEPTED));
    expect(await aSender(['old', 'new']).send(aText())).toMatchObject({ kind: 'sent' });
    expect(peer.requests.map((request) => request.headers.authorization)).toEqual([
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('is the operator’s when a new one is refused too', async () => {
    peer.answerWith(json(401, aGraphError(190)));
    expect(await aSender(['old', 'new']).send(aText())).toMatchObject({
      kind: 'refused',
      failure: { class: 'fix-needed', code: 'graph:190' },
    });
    expect(peer.requests).toHaveLength(2);
  });

  it.each([
    ['the first token', { tenant: () => new Promise<never>(() => {}) }, 0],
    ['the new token', { refreshTenant: () => new Promise<never>(() => {}) }, 1],
    ['the second answer', {}, 2],
  ])('takes no more time than the caller has, while %s is awaited', async (_what, over, posts) => {
    peer.answerWith(json(401, aGraphError(190)), silence);
    const secrets = { tenant: async () => ({ accessToken: 't' }), refreshTenant: async () => true };
    const sender = new WhatsAppMessageSender({
      apiVersion: 'v26.0',
      baseUrl: peer.url,
      secrets: { ...secrets, ...over },
    });
    const expected =
      posts < 2
        ? { kind: 'refused', failure: { class: 'retry', code: 'graph:timeout' } }
        : { kind: 'ambiguous', code: 'graph:timeout' };
    expect(await sender.send(aText({ timeoutMs: 150 }))).toEqual(expected);
    expect(peer.requests).toHaveLength(posts);
  });

  it('and a second post share the time of one call', async () => {
    const isLate: Answer = (response, request) => {
      setTimeout(() => json(401, aGraphError(190))(response, request), 200);
    };
    const isLateToo: Answer = (response, request) => {
      setTimeout(() => json(200, ACCEPTED)(response, request), 200);
    };
    peer.answerWith(isLate, isLateToo);
    const sent = await aSender(['old', 'new']).send(aText({ timeoutMs: 300 }));
    expect(sent).toMatchObject({ kind: 'ambiguous' });
    peer.answerWith(isLate, isLateToo);
    const receipt = { tenantId: TENANT_ID, phoneNumberId: PHONE_NUMBER_ID, wamid: 'w' };
    expect(await aSender(['old', 'new']).showTyping({ ...receipt, timeoutMs: 300 })).toBe(false);
  });

  it.each([
    ['time', 'retry'],
    ['operator', 'fix-needed'],
  ] as const)('that cannot be read and needs %s is to %s', async (needs, failureClass) => {
    const sender = new WhatsAppMessageSender({
      apiVersion: 'v26.0',
      baseUrl: peer.url,
      secrets: {
        tenant: () => Promise.reject(new SecretUnavailableError('No', { needs })),
        refreshTenant: async () => false,
      },
    });
    expect(await sender.send(aText())).toMatchObject({ failure: { class: failureClass } });
    const receipt = { tenantId: TENANT_ID, phoneNumberId: PHONE_NUMBER_ID, wamid: 'w' };
    expect(await sender.showTyping({ ...receipt, timeoutMs: 1_000 })).toBe(false);
  });
});

describe('the typing indicator', () => {
  const receipt = {
    tenantId: TENANT_ID,
    phoneNumberId: PHONE_NUMBER_ID,
    wamid: 'wamid.IN1',
    timeoutMs: 150,
  };

  it('marks the message as read, too', async () => {
    peer.answerWith(json(200, { success: true }));
    expect(await aSender().showTyping(receipt)).toBe(true);
    expect(peer.requests[0]?.body).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.IN1',
      typing_indicator: { type: 'text' },
    });
  });

  it.each([
    ['a refusal', json(400, aGraphError(131009))],
    ['a reset', reset],
    ['silence', silence],
  ])('does no harm with %s', async (_what, answer) => {
    peer.answerWith(answer);
    expect(await aSender().showTyping(receipt)).toBe(false);
  });
});
