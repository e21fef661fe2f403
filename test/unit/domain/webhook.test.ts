import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { anElement, aWebhook } from '#test/support/builders.ts';

test('takes every message of several entries, changes and numbers', () => {
  const change = (id: string, count: number) => ({
    field: 'messages',
    value: {
      metadata: { phone_number_id: id },
      messages: Array.from({ length: count }, () => anElement()),
    },
  });
  const body = {
    entry: [
      { id: '1', changes: [change('11', 2), change('22', 1)] },
      { id: '2', changes: [change('33', 3)] },
    ],
  };
  const { messages } = readWebhook(body);
  expect(messages.map(({ chat }) => chat.phoneNumberId)).toEqual([
    '11',
    '11',
    '22',
    '33',
    '33',
    '33',
  ]);
});

test('keeps unknown types, fields and statuses', () => {
  expect(
    readWebhook(aWebhook({ messages: [anElement({ type: 'hologram' })] })).messages,
  ).toMatchObject([{ type: 'hologram' }]);
  const statuses = [{ id: 'wamid.O', status: 'teleported', timestamp: '1' }];
  expect(readWebhook(aWebhook({ statuses })).events).toMatchObject([{ kind: 'status' }]);
  const novel = { entry: [{ id: '1', changes: [{ field: 'brand_new', value: { a: 1 } }] }] };
  expect(readWebhook(novel).events).toMatchObject([{ kind: 'event', field: 'brand_new' }]);
});

test('reports errors and clicks that come beside the messages as events', () => {
  const { events } = readWebhook(aWebhook({ errors: [{ code: 130429 }], user_actions: [{}] }));
  expect(events).toMatchObject([{ kind: 'event', payload: { errors: [{ code: 130429 }] } }]);
});

test.each([
  ['no id', { id: undefined }],
  ['an id that no key can hold', { id: 'wamid.'.repeat(100) }],
  ['no sender', { from: undefined }],
])('a message with %s is malformed', (_, over) => {
  const content = readWebhook(aWebhook({ messages: [anElement(over)] }));
  expect(content.messages).toEqual([]);
  expect(content.events).toMatchObject([{ kind: 'malformed' }]);
});

test.each([undefined, 'yesterday', '0', '99999999999'])(
  'a message with the time %s is a message all the same',
  (timestamp) => {
    const { messages } = readWebhook(aWebhook({ messages: [anElement({ timestamp })] }));
    expect(messages).toHaveLength(1);
  },
);

test('prefers the user id to the phone number as the contact', () => {
  const both = anElement({ from_user_id: 'ES.9021' });
  expect(readWebhook(aWebhook({ messages: [both] })).messages[0]?.chat.contact).toBe('ES.9021');
});

test('a change of id belongs to the record under the old one', () => {
  const system = { type: 'user_changed_user_id', user_id: 'ES.2', previous_user_id: 'ES.1' };
  const notice = anElement({ type: 'system', system });
  expect(readWebhook(aWebhook({ messages: [notice] })).messages[0]?.chat.contact).toBe('ES.1');
});

test('a group is a chat of its own', () => {
  const inGroup = anElement({ group_id: 'Y2FwaV9ncm91cDox' });
  expect(readWebhook(aWebhook({ messages: [inGroup] })).messages[0]?.chat.contact).toBe(
    'Y2FwaV9ncm91cDox',
  );
});

test('takes any JSON object without throwing, and accounts for every element of its lists', () => {
  const anything = fc.jsonValue();
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (elements) => {
      const content = readWebhook(aWebhook({ messages: elements }));
      expect(content.messages.length + content.events.length).toBe(elements.length);
    }),
  );
  fc.assert(fc.property(fc.dictionary(fc.string(), anything), (body) => void readWebhook(body)));
});

test('a flood of malformed pieces is one event, and costs the messages among them nothing', () => {
  const nonsense = Array.from({ length: 1_001 }, () => 'nonsense');
  const { messages, events } = readWebhook(aWebhook({ messages: [...nonsense, anElement()] }));
  expect(messages).toHaveLength(1);
  expect(events).toMatchObject([{ kind: 'malformed' }]);
});

test('names like __proto__ are data like any other', () => {
  const body = JSON.parse('{"__proto__":{"entry":[]},"entry":[{"__proto__":{"changes":[]}}]}');
  expect(readWebhook(body).events).toMatchObject([{ kind: 'malformed' }]);
});
