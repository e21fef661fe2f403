import { describe, expect, it } from 'vitest';
import { aWorld, BAKERY, CLINIC, MIRA, refusalOf, send } from '#test/support/whatsapp-world.ts';

const TEXT = { type: 'text', text: { body: 'Yes, two left.' } };

function aWorldWhereMiraWrote(overrides: Parameters<typeof aWorld>[0] = {}) {
  const stage = aWorld(overrides);
  const wamid = stage.world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
  return { ...stage, wamid };
}

describe('a send', () => {
  it('is accepted with an id and the recipient as Meta writes them', () => {
    const { world } = aWorldWhereMiraWrote();
    expect(send(world, TEXT)).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: `+${MIRA}`, wa_id: MIRA }],
      messages: [{ id: expect.stringMatching(/^wamid\.HBg/), message_status: 'accepted' }],
    });
  });

  it('reaches the same chat by phone and by user id', () => {
    const { world } = aWorldWhereMiraWrote();
    const userId = world.transcript(BAKERY.phoneNumberId, MIRA)?.contact.user_id ?? '';
    send(world, { ...TEXT, to: undefined, recipient: userId });
    const transcript = world.transcript(BAKERY.phoneNumberId, userId);
    expect(transcript?.messages.map(({ text }) => text)).toEqual(['Hola', 'Yes, two left.']);
  });

  it('is listed with its body, and a refused one with its error', () => {
    const { world } = aWorldWhereMiraWrote();
    send(world, TEXT);
    refusalOf(() => send(world, { type: 'text', text: {} }));
    expect(world.sent).toMatchObject([
      { phone_number_id: BAKERY.phoneNumberId, body: TEXT, error: null },
      { wamid: null, error: { code: 100, type: 'OAuthException' } },
    ]);
  });

  it.each([
    ['an unknown token', 'nobody', 190, 401],
    ["another business's token", 'clinic-token', 100, 400],
  ])('with %s is refused', (_, token, code, status) => {
    const { world } = aWorldWhereMiraWrote();
    expect(refusalOf(() => send(world, TEXT, token))).toMatchObject({ code, status });
  });

  it('to a number that does not exist says so as Meta does', () => {
    const { world } = aWorld();
    const call = { phoneNumberId: '999', authorization: 'Bearer bakery-token', body: TEXT };
    expect(refusalOf(() => world.send(call))).toMatchObject({ code: 100, subcode: 33 });
  });

  it('carries the words of Meta in its error', () => {
    const { world } = aWorld();
    const error = refusalOf(() => send(world, TEXT)).toObject((size) => Buffer.alloc(size));
    expect(error).toEqual({
      message: '(#131047) Re-engagement message',
      type: 'OAuthException',
      code: 131047,
      error_data: { messaging_product: 'whatsapp', details: expect.stringContaining('24 hours') },
      fbtrace_id: expect.any(String),
    });
  });
});

describe('the 24-hour window', () => {
  it('lets a reply through until it closes, and then only a template', () => {
    const { world, clock } = aWorldWhereMiraWrote();
    clock.advanceBy(24 * 3_600_000 - 1);
    send(world, TEXT);
    clock.advanceBy(1);
    expect(refusalOf(() => send(world, TEXT)).code).toBe(131047);
    const template = { name: 'reminder', language: { code: 'es' } };
    expect(send(world, { type: 'template', template })).toHaveProperty('messages');
  });

  it('is not opened by a reaction', () => {
    const { world } = aWorld();
    const message = { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: '👍' } };
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, message });
    expect(refusalOf(() => send(world, TEXT)).code).toBe(131047);
  });

  it('belongs to one business number', () => {
    const { world } = aWorld();
    world.receive({ to: CLINIC.phoneNumberId, from: MIRA, text: 'Hola' });
    expect(refusalOf(() => send(world, TEXT)).code).toBe(131047);
  });
});

describe('the limits', () => {
  it('let 45 messages to one customer through at once, and one more after six seconds', () => {
    const { world, clock } = aWorldWhereMiraWrote();
    for (let sent = 0; sent < 45; sent += 1) send(world, TEXT);
    expect(refusalOf(() => send(world, TEXT)).code).toBe(131056);
    clock.advanceBy(6_000);
    send(world, TEXT);
    expect(refusalOf(() => send(world, TEXT)).code).toBe(131056);
  });

  it('let 80 messages per second and number through', () => {
    const { world, clock } = aWorld();
    const phones = Array.from({ length: 81 }, (_, index) => `3460000${1000 + index}`);
    for (const from of phones) world.receive({ to: BAKERY.phoneNumberId, from, text: 'Hola' });
    for (const to of phones.slice(0, 80)) send(world, { ...TEXT, to });
    expect(refusalOf(() => send(world, { ...TEXT, to: phones[80] })).code).toBe(130429);
    clock.advanceBy(1_000);
    send(world, { ...TEXT, to: phones[80] });
  });
});

const LONG = 'x'.repeat(5_000);
const BUTTON = { type: 'reply', reply: { id: 'y', title: 'Yes' } };
const ROW = { id: 'r', title: 'Row' };

function interactive(type: string, action: object, body = 'Pick'): object {
  return { type: 'interactive', interactive: { type, body: { text: body }, action } };
}

describe('validation', () => {
  it.each([
    ['a text above 4,096 characters', { type: 'text', text: { body: LONG } }, 100],
    ['an empty text', { type: 'text', text: { body: ' ' } }, 100],
    ['no object for its type', { type: 'image' }, 100],
    ['no recipient', { ...TEXT, to: undefined }, 100],
    ['a recipient that is no phone', { ...TEXT, to: 'Mira' }, 131009],
    ['a type that does not exist', { type: 'poll', poll: {} }, 131051],
    ['callback data above 512 characters', { ...TEXT, biz_opaque_callback_data: LONG }, 131009],
    ['itself as recipient', { ...TEXT, to: BAKERY.displayPhoneNumber }, 131021],
    ['media by neither id nor link', { type: 'image', image: {} }, 131008],
    [
      'a caption on audio',
      { type: 'audio', audio: { link: 'https://a.test', caption: 'x' } },
      131009,
    ],
    ['a medium that nobody uploaded', { type: 'image', image: { id: '9' } }, 100],
    ['four buttons', interactive('button', { buttons: [1, 2, 3, 4].map(() => BUTTON) }), 131009],
    ['two equal buttons', interactive('button', { buttons: [BUTTON, BUTTON] }), 131009],
    ['no buttons', interactive('button', {}), 131008],
    [
      'eleven rows',
      interactive('list', {
        button: 'See',
        sections: [
          { title: 'A', rows: Array(10).fill(ROW) },
          { title: 'B', rows: [ROW] },
        ],
      }),
      131009,
    ],
    [
      'a list of two untitled sections',
      interactive('list', { button: 'See', sections: [{ rows: [ROW] }, { rows: [ROW] }] }),
      131008,
    ],
    ['an interactive kind that does not exist', interactive('wheel', {}), 131009],
    [
      'a place outside the world',
      { type: 'location', location: { latitude: 91, longitude: 0 } },
      131009,
    ],
    [
      'a template that was never approved',
      { type: 'template', template: { name: 'sale', language: { code: 'es' } } },
      132001,
    ],
    ['a contact card without a name', { type: 'contacts', contacts: [{ name: {} }] }, 131008],
  ])('refuses %s', (_, body, code) => {
    const { world } = aWorldWhereMiraWrote();
    expect(refusalOf(() => send(world, body)).code).toBe(code);
  });

  it.each([
    ['4,096 emoji', { type: 'text', text: { body: '🙂'.repeat(4_096) } }],
    ['buttons', interactive('button', { buttons: [BUTTON] })],
    ['a list', interactive('list', { button: 'See', sections: [{ rows: [ROW] }] })],
    [
      'a link button',
      interactive('cta_url', {
        name: 'cta_url',
        parameters: { display_text: 'Open', url: 'https://a.test' },
      }),
    ],
    ['a place', { type: 'location', location: { latitude: 40.4, longitude: -3.7 } }],
    ['a linked image', { type: 'image', image: { link: 'https://a.test/i.jpg', caption: 'x' } }],
    ['contact cards', { type: 'contacts', contacts: [{ name: { formatted_name: 'Leo' } }] }],
    ['a reaction', { type: 'reaction', reaction: { message_id: 'wamid.A', emoji: '' } }],
  ])('takes %s', (_, body) => {
    const { world } = aWorldWhereMiraWrote();
    expect(send(world, body)).toHaveProperty('messages');
  });
});

describe('a read receipt', () => {
  it('marks the message read and shows that the business types, until it replies', () => {
    const { world, wamid, clock } = aWorldWhereMiraWrote();
    const typing_indicator = { type: 'text' };
    const receipt = { to: undefined, status: 'read', message_id: wamid, typing_indicator };
    expect(send(world, receipt)).toEqual({ success: true });
    expect(world.transcript(BAKERY.phoneNumberId, MIRA)).toMatchObject({
      typing_until: clock.now() + 25_000,
      messages: [{ wamid, status: 'read' }],
    });
    send(world, TEXT);
    expect(world.transcript(BAKERY.phoneNumberId, MIRA)?.typing_until).toBe(0);
  });

  it('is refused for a message that this number never received', () => {
    const { world } = aWorldWhereMiraWrote();
    const receipt = { to: undefined, status: 'read', message_id: 'wamid.NONE' };
    expect(refusalOf(() => send(world, receipt)).code).toBe(131009);
  });
});
