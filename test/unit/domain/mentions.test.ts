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
  [false, { '34600111222': true }],
  [false, { wa_id: 34600111222 }],
  [false, null],
  [false, undefined],
])('%s', (expected, payload) => {
  expect(mentions(payload, IDS)).toBe(expected);
});
