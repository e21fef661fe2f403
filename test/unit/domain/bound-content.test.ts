import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Binding, boundContent, numbersIn } from '#domain/whatsapp/bound-content.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { anElement } from '#test/support/builders.ts';

const [OURS, THEIRS] = ['100000000000001', '100000000000002'];
const [OUR_ACCOUNT, THEIR_ACCOUNT] = ['500', '600'];

const BINDING: Binding = {
  hasNumber: (phoneNumberId) => phoneNumberId === OURS,
  hasAccount: (accountId) => accountId === OUR_ACCOUNT,
};

function change(number: string | undefined, value: object = {}, field = 'messages') {
  const metadata = number === undefined ? {} : { metadata: { phone_number_id: number } };
  return { field, value: { ...metadata, ...value } };
}

function read(...entries: readonly [account: string | undefined, ...changes: object[]][]) {
  return readWebhook({
    entry: entries.map(([id, ...changes]) => ({ ...(id !== undefined && { id }), changes })),
  });
}

const status = { id: 'wamid.S', status: 'sent' };

test('what is of a bound number is taken, and what is of another is counted', () => {
  const content = read(
    [OUR_ACCOUNT, change(OURS, { messages: [anElement()], statuses: [status] })],
    [OUR_ACCOUNT, change(THEIRS, { messages: [anElement(), anElement()], statuses: [status] })],
  );
  const { content: bound, refused } = boundContent(content, BINDING);
  expect(bound.messages.map(({ chat }) => chat.phoneNumberId)).toEqual([OURS]);
  expect(bound.events).toMatchObject([{ kind: 'status', phoneNumberId: OURS }]);
  expect(refused).toEqual({ messages: 2, events: 1 });
});

test.each<[string, string | undefined, number]>([
  ['a bound account', OUR_ACCOUNT, 1],
  ['another account', THEIR_ACCOUNT, 0],
  ['no account', undefined, 0],
])('an event without a number is judged by its account: %s', (_, account, taken) => {
  const { content, refused } = boundContent(
    read([account, change(undefined, { event: 'DISABLED_UPDATE' }, 'account_update')]),
    BINDING,
  );
  expect(content.events).toHaveLength(taken);
  expect(refused).toEqual({ messages: 0, events: 1 - taken });
});

test('an event of a bound number that names another’s account is not kept among that one’s', () => {
  const content = read([THEIR_ACCOUNT, change(OURS, { x: 1 }, 'calls')]);
  expect(boundContent(content, BINDING).content.events).toMatchObject([
    { phoneNumberId: OURS, accountId: undefined },
  ]);
});

test('a malformed piece is judged like any other', () => {
  const content = read(
    [OUR_ACCOUNT, change(THEIRS, { messages: [{ text: 'no id' }] })],
    [OUR_ACCOUNT, change(OURS, { messages: [{ text: 'no id' }] })],
    [THEIR_ACCOUNT, { field: 'messages' }],
    [undefined, change('no number', { messages: [anElement()] })],
  );
  const { content: bound, refused } = boundContent(content, BINDING);
  expect(bound.events).toMatchObject([{ kind: 'malformed', phoneNumberId: OURS }]);
  expect(refused).toEqual({ messages: 0, events: 3 });
});

test('names each number once', () => {
  const one = change(OURS, { messages: [anElement(), anElement()], statuses: [status] });
  expect(numbersIn(read([OUR_ACCOUNT, one, change(THEIRS, { statuses: [status] })]))).toEqual([
    OURS,
    THEIRS,
  ]);
});

test('whatever a body holds, all that is left of it is bound, and nothing is lost uncounted', () => {
  const number = fc.constantFrom(OURS, THEIRS, 'x', undefined);
  const account = fc.constantFrom(OUR_ACCOUNT, THEIR_ACCOUNT, '', undefined);
  const element = fc.oneof(
    fc.constant(null).map(() => anElement()),
    fc.constant(status),
    fc.json().map((text): unknown => JSON.parse(text)),
  );
  const value = fc.record(
    { messages: fc.array(element), statuses: fc.array(element), other: fc.json() },
    { requiredKeys: [] },
  );
  const field = fc.constantFrom('messages', 'account_update', 'calls', '');
  const changes = fc.array(
    fc.tuple(number, value, field).map((parts) => change(...parts)),
    { maxLength: 4 },
  );
  const bodies = fc.array(fc.tuple(account, changes), { maxLength: 4 });
  fc.assert(
    fc.property(bodies, (entries) => {
      const all = read(
        ...entries.map(([id, list]) => [id, ...list] as const).map(([...each]) => each as never),
      );
      const { content, refused } = boundContent(all, BINDING);
      for (const { chat } of content.messages) expect(chat.phoneNumberId).toBe(OURS);
      for (const { phoneNumberId, accountId } of content.events) {
        expect([OURS, undefined]).toContain(phoneNumberId);
        expect([OUR_ACCOUNT, undefined]).toContain(accountId);
        expect(phoneNumberId ?? accountId).toBeDefined();
      }
      expect(content.messages.length + refused.messages).toBe(all.messages.length);
      expect(content.events.length + refused.events).toBe(all.events.length);
    }),
  );
});
