import { expect, it } from 'vitest';
import { idsOf, isErased, isErasedTurn } from '#domain/conversation/erasure.ts';
import { inboundKey, outboundKey } from '#domain/conversation/message.ts';
import { parseTurnId } from '#domain/ids.ts';
import { aMessage, present } from '#test/support/builders.ts';

const ERASURE = { atMs: 1_790_400_000_500, version: 7 };

it.each([
  ['in the second of the erasure', '1790400000', true],
  ['in the next second', '1790400001', false],
  ['long before', '1700000000', true],
  ['at no time that can be read', 'yesterday', false],
  ['in a far future', '99999999999', false],
])('a message that was sent %s', (_what, timestamp, expected) => {
  expect(isErased(inboundKey(aMessage({ timestamp })), ERASURE)).toBe(expected);
});

it.each([
  ['9790400000000.6', true],
  ['1700000000000.7', false],
])('a bubble of turn %s, whatever its drafter’s clock said', (text, expected) => {
  const turnId = present(parseTurnId(text));
  expect(isErased(outboundKey(turnId, 3), ERASURE)).toBe(expected);
  expect(isErasedTurn(turnId, ERASURE)).toBe(expected);
});

it.each([
  ['9790400000000#command.idle-6', true],
  ['9790400000000#command.idle-7', false],
])('a timer of the future goes with the hand-over that it is of: %s', (key, expected) => {
  expect(isErased(key, ERASURE)).toBe(expected);
});

it('nothing is erased where nobody has erased anything', () => {
  expect(isErased('1790400000000#wamid.A', undefined)).toBe(false);
  expect(isErasedTurn(present(parseTurnId('1.1')), undefined)).toBe(false);
});

it('tells the other ids of a sender, from both fields and from notices', () => {
  expect(idsOf(aMessage({ from_user_id: 'ES.1' }))).toEqual(['34600111222']);
  expect(idsOf(aMessage())).toEqual([]);
  const system = { type: 'user_changed_user_id', user_id: 'ES.2', previous_user_id: 'ES.1' };
  expect(idsOf(aMessage({ type: 'system', system }))).toEqual(['34600111222', 'ES.2']);
});

it('links no member of a group to it', () => {
  expect(idsOf(aMessage({ group_id: 'abc', from_user_id: 'ES.1' }))).toEqual([]);
});
