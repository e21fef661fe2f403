import { expect, test } from 'vitest';
import { mentions } from '#domain/whatsapp/mentions.ts';

const IDS = new Set(['34600111222', 'ES.1']);

function nested(depth: number): unknown {
  let value: unknown = 'ES.1';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

test.each([
  [true, { user_preferences: [{ wa_id: '34600111222' }] }],
  [true, { from: '+34600111222' }],
  [true, ['ES.1']],
  [true, nested(100_000)],
  [false, { wa_id: '346001112223' }],
  [false, { text: 'call 34600111222' }],
  [true, { '34600111222': true }],
  [true, { wa_id: 34600111222 }],
  [true, { from: '+34 600-111-222' }],
  [false, { a: ['346001112223', null, true] }],
  [false, null],
  [false, undefined],
])('%s', (expected, payload) => {
  expect(mentions(payload, IDS)).toBe(expected);
});

test('the place in a list is no id', () => {
  expect(mentions(['a', 'b'], new Set(['1']))).toBe(false);
});
