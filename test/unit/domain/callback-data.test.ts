import { expect, test } from 'vitest';
import { readCallbackData, writeCallbackData } from '#domain/conversation/callback-data.ts';
import { parseTurnId } from '#domain/ids.ts';
import { aChat, present } from '#test/support/builders.ts';

const turnId = present(parseTurnId('1790400000000.12'));

test('comes back as it was written, within the 512 characters that Meta takes', () => {
  const reference = { chat: aChat(`ES.${'9'.repeat(128)}`), turnId, part: 2 };
  const text = writeCallbackData(reference);
  expect(readCallbackData(text)).toEqual(reference);
  expect(text.length).toBeLessThanOrEqual(512);
});

test.each([
  '',
  'tenant7:job42',
  'concierge/1 1#2',
  'concierge/1 1#2 3.4 x',
  'concierge/1 1#2 3.4 0 more',
  7,
])('ignores %j, which somebody else wrote', (text) => {
  expect(readCallbackData(text)).toBeUndefined();
});
