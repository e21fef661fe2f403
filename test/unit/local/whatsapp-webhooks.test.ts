import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aWorld, BAKERY, CLINIC, MIRA, send } from '#test/support/whatsapp-world.ts';

const TEXT = { type: 'text', text: { body: 'Yes' }, biz_opaque_callback_data: 'turn 1' };

function sign(bytes: Buffer): string {
  return `sha256=${createHmac('sha256', 'local-app-secret').update(bytes).digest('hex')}`;
}

function webhookFrom(message: object): Buffer {
  const metadata = { display_phone_number: '15550100001', phone_number_id: BAKERY.phoneNumberId };
  const value = { messaging_product: 'whatsapp', metadata, messages: [message] };
  const entry = [{ id: '2', changes: [{ field: 'messages', value }] }];
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
}

describe('an inbound message', () => {
  it("arrives as Meta's webhook, with the customer's user id and a wamid", async () => {
    const { world, arrived } = aWorld();
    const wamid = world.receive({
      to: BAKERY.phoneNumberId,
      from: MIRA,
      name: 'Mira',
      text: 'Hola',
    });
    expect(arrived[0]?.body).toEqual({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: BAKERY.accountId,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: {
                  display_phone_number: BAKERY.displayPhoneNumber,
                  phone_number_id: BAKERY.phoneNumberId,
                },
                contacts: [
                  {
                    profile: { name: 'Mira' },
                    wa_id: MIRA,
                    user_id: expect.stringMatching(/^ES\.\d{20}$/),
                  },
                ],
                messages: [
                  {
                    from: MIRA,
                    from_user_id: expect.stringMatching(/^ES\.\d{20}$/),
                    id: wamid,
                    timestamp: '1795435200',
                    type: 'text',
                    text: { body: 'Hola' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
  });

  it('is escaped before it is signed, as Meta does', () => {
    const { world, arrived } = aWorld();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'señal 👍' });
    const bytes = arrived[0]?.bytes ?? Buffer.of();
    expect(bytes.toString()).toContain('se\\u00f1al \\ud83d\\udc4d');
    expect(arrived[0]?.headers['x-hub-signature-256']).toBe(sign(bytes));
  });

  it('keeps what a raw element says and adds what it leaves out', () => {
    const { world, arrived } = aWorld();
    const message = { from_user_id: 'ES.77', type: 'image', image: { id: '9' }, id: 'wamid.RAW' };
    expect(world.receive({ to: BAKERY.phoneNumberId, message })).toBe('wamid.RAW');
    const value = arrived[0]?.body.entry[0].changes[0].value;
    expect(value.messages).toEqual([{ ...message, timestamp: '1795435200' }]);
    expect(value.contacts).toEqual([{ profile: { name: 'ES.77' }, user_id: 'ES.77' }]);
  });

  it('gives one customer one user id per portfolio', () => {
    const { world } = aWorld();
    for (const { phoneNumberId } of [BAKERY, CLINIC, BAKERY]) {
      world.receive({ to: phoneNumberId, from: MIRA, text: 'Hola' });
    }
    const atBakery = world.transcript(BAKERY.phoneNumberId, MIRA)?.contact.user_id;
    const atClinic = world.transcript(CLINIC.phoneNumberId, MIRA)?.contact.user_id;
    expect(atBakery).not.toBe(atClinic);
    expect(world.transcript(BAKERY.phoneNumberId, atBakery ?? '')?.messages).toHaveLength(2);
  });

  it('moves the chat to a new number when the customer changed it', () => {
    const { world, arrived } = aWorld();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    const userId = world.transcript(BAKERY.phoneNumberId, MIRA)?.contact.user_id ?? '';
    const system = {
      type: 'user_changed_number',
      wa_id: '34600333444',
      user_id: 'ES.5',
      previous_user_id: userId,
    };
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, message: { type: 'system', system } });
    expect(arrived[1]?.body.entry[0].changes[0].value).not.toHaveProperty('contacts');
    world.receive({ to: BAKERY.phoneNumberId, from: '34600333444', text: 'New phone' });
    const moved = world.transcript(BAKERY.phoneNumberId, 'ES.5');
    expect(moved?.messages.map(({ type }) => type)).toEqual(['text', 'system', 'text']);
    expect(moved?.contact.phone).toBe('34600333444');
  });
});

describe('delivery', () => {
  it('brings the same bytes again, at once and then ever later, until a 200', async () => {
    const { world, clock, arrived, answers, pass } = aWorld();
    answers.push(500, 503, 500, 401, 200);
    const startedAtMs = clock.now();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    const arrivals: number[] = [];
    for (let second = 0; second < 30; second += 1) {
      while (arrivals.length < arrived.length) arrivals.push((clock.now() - startedAtMs) / 1_000);
      await pass(1_000);
    }
    expect(arrivals).toEqual([0, 1, 2, 4, 8]);
    expect(new Set(arrived.map(({ bytes }) => bytes.toString())).size).toBe(1);
    expect(world.transcript(BAKERY.phoneNumberId, MIRA)?.messages[0]?.status).toBe('delivered');
  });

  it('gives up after seven days', async () => {
    const { world, clock, arrived, pass } = aWorld({
      deliver: async () => {
        arrived.push({ bytes: Buffer.of(), headers: {}, callback: '', body: clock.now() });
        throw new Error('no answer');
      },
    });
    const startedAtMs = clock.now();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    for (let hour = 0; hour < 24 * 9; hour += 1) await pass(3_600_000);
    const lastAfterMs = (arrived.at(-1)?.body ?? 0) - startedAtMs;
    expect(lastAfterMs).toBeGreaterThan(6 * 86_400_000);
    expect(lastAfterMs).toBeLessThanOrEqual(7 * 86_400_000);
    expect(clock.nextDueMs).toBeUndefined();
  });

  it('stops for an account whose app was unsubscribed', () => {
    const { world, arrived } = aWorld();
    world.subscribe(BAKERY.accountId, false);
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    expect(arrived).toEqual([]);
  });
});

describe('statuses', () => {
  it('follow a send one by one, with its callback data and its price', async () => {
    const { world, arrived, pass } = aWorld();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    send(world, TEXT);
    await pass(60_000);
    const values = arrived.slice(1).map(({ body }) => body.entry[0].changes[0].value);
    expect(values.map(({ statuses }) => statuses[0].status)).toEqual(['sent', 'delivered', 'read']);
    expect(values[0]).toMatchObject({
      contacts: [{ wa_id: MIRA }],
      statuses: [
        {
          id: world.sent[0]?.wamid,
          recipient_id: MIRA,
          recipient_user_id: expect.stringMatching(/^ES\./),
          biz_opaque_callback_data: 'turn 1',
          pricing: {
            billable: false,
            pricing_model: 'PMP',
            type: 'free_customer_service',
            category: 'service',
          },
        },
      ],
    });
    expect(world.transcript(BAKERY.phoneNumberId, MIRA)?.messages[1]?.status).toBe('read');
  });

  it('end in a failure where the phone cannot be reached', async () => {
    const { world, arrived, pass } = aWorld();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    world.failNext(BAKERY.phoneNumberId, MIRA, 131026);
    send(world, TEXT);
    await pass(60_000);
    const values = arrived.slice(1).map(({ body }) => body.entry[0].changes[0].value);
    expect(values).toHaveLength(1);
    expect(values[0].statuses[0]).toMatchObject({ status: 'failed', errors: [{ code: 131026 }] });
    expect(values[0].statuses[0]).not.toHaveProperty('recipient_user_id');
  });

  it('say that service messages are billed once the free thousand of the month is used up', async () => {
    const { world, clock, arrived, pass } = aWorld();
    world.receive({ to: BAKERY.phoneNumberId, from: MIRA, text: 'Hola' });
    for (let sent = 0; sent < 1_001; sent += 1) {
      send(world, TEXT);
      clock.advanceBy(6_000);
    }
    await pass(60_000);
    const prices = arrived
      .map(({ body }) => body.entry[0].changes[0].value.statuses?.[0])
      .filter((status) => status?.status === 'sent')
      .map((status) => status.pricing.type);
    expect(prices.slice(0, 1_000).every((type) => type === 'free_customer_service')).toBe(true);
    expect(prices[1_000]).toBe('regular');
  });
});

describe('a webhook that somebody else posts', () => {
  const message = {
    from: MIRA,
    id: 'wamid.OUTSIDE',
    timestamp: '1600000000',
    type: 'text',
    text: { body: 'Hi' },
  };

  it('opens the window and shows in the transcript, once', () => {
    const { world } = aWorld();
    const body = webhookFrom(message);
    world.observe(body, sign(body));
    world.observe(body, sign(body));
    expect(send(world, TEXT)).toHaveProperty('messages');
    const transcript = world.transcript(BAKERY.phoneNumberId, MIRA);
    expect(transcript?.messages.map(({ text }) => text)).toEqual(['Hi', 'Yes']);
  });

  it('is not believed with a wrong signature', () => {
    const { world } = aWorld();
    world.observe(webhookFrom(message), 'sha256=00');
    expect(world.transcript(BAKERY.phoneNumberId, MIRA)?.messages).toEqual([]);
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', Buffer.from('[]')],
    ['odd pieces', Buffer.from('{"entry":[null,{"changes":[7,{"field":"messages","value":[]}]}]}')],
  ])('does no harm when it is %s', (_, body) => {
    const { world } = aWorld();
    world.observe(body, sign(body));
    expect(world.sent).toEqual([]);
  });

  it('joins the chats of a phone and a user id once an event carries both', () => {
    const { world } = aWorld();
    const elements = [
      message,
      { ...message, id: 'wamid.2', from: undefined, from_user_id: 'ES.9021' },
      { ...message, id: 'wamid.3', from_user_id: 'ES.9021' },
    ];
    for (const element of elements) {
      const body = webhookFrom(element);
      world.observe(body, sign(body));
    }
    const ids = (alias: string) =>
      world.transcript(BAKERY.phoneNumberId, alias)?.messages.map(({ wamid }) => wamid);
    expect(ids(MIRA)).toEqual(['wamid.OUTSIDE', 'wamid.2', 'wamid.3']);
    expect(ids('ES.9021')).toEqual(ids(MIRA));
  });
});
