import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeInbound } from '#adapters/dynamodb/inbound-record.ts';
import { parseJsonText, toJsonText } from '#adapters/dynamodb/json-text.ts';
import { writeKeptEvent } from '#adapters/dynamodb/kept-event-record.ts';
import type { Item } from '#adapters/dynamodb/stored-record.ts';
import type { KeptEvent } from '#app/ports/conversation-store.ts';
import { aMessage } from '#test/support/builders.ts';

/** DynamoDB: names and values of an item in UTF-8, 400 KB in all; a number takes 21 bytes at most. */
const ITEM_BYTES = 400 * 1024;

function sizeOf(item: Item): number {
  const sizes = Object.entries(item).map(
    ([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(value.S ?? '') + 21,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** JSON makes six bytes of a control character and of half a pair. */
const characters = fc.constantFrom('a', '"', 'é', '\u0000', '👋', '\ud83d');
const lengths = fc.oneof(
  { weight: 16, arbitrary: fc.nat(20) },
  { weight: 4, arbitrary: fc.nat(5_000) },
  { weight: 1, arbitrary: fc.constant(350_000) },
);
const texts = fc.tuple(characters, lengths).map(([character, times]) => character.repeat(times));
const scalars = fc.oneof(texts, fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const values = fc.oneof(
  scalars,
  fc.array(scalars, { maxLength: 8 }),
  fc.dictionary(texts, scalars),
);
const objects = fc.dictionary(texts, values, { maxKeys: 40 });

function anEvent(over: Partial<KeptEvent>): KeptEvent {
  return {
    kind: 'event',
    field: 'account_update',
    accountId: '7001',
    phoneNumberId: undefined,
    payload: null,
    receivedAtMs: 1_790_400_000_000,
    correlationId: 'r',
    ...over,
  };
}

it('writes any payload within its limit, whole where it fits and marked where not', () => {
  fc.assert(
    fc.property(fc.oneof(objects, values), (payload) => {
      const whole = JSON.stringify(payload);
      const bytes = Buffer.byteLength(whole);
      const text = toJsonText(payload);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(300_000);
      if (bytes <= 300_000) expect(text).toBe(whole);
      else expect(parseJsonText(text)).toMatchObject({ truncated: true, bytes });
    }),
    { numRuns: 60 },
  );
});

it.each([
  ['one huge text', 'x'.repeat(1_000_000)],
  ['a huge key', { ['k'.repeat(1_000_000)]: 1 }],
  ['many texts of control characters', Object.fromEntries(controlTexts(200))],
  ['a huge list', Array(200_000).fill({ a: 1 })],
])('keeps at least the mark of %s', (_what, payload) => {
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  expect(parseJsonText(toJsonText(payload))).toEqual({ truncated: true, bytes });
});

function controlTexts(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, index) => [`t${index}`, '\u0001'.repeat(5_000)]);
}

it('writes any message as an item that DynamoDB takes', () => {
  fc.assert(
    fc.property(objects, texts, texts, (over, type, correlationId) => {
      const message = aMessage({ ...over, type });
      const item = writeInbound({ message, acceptedAtMs: 1, position: 0, correlationId });
      expect(sizeOf(item)).toBeLessThan(ITEM_BYTES);
    }),
    { numRuns: 30 },
  );
});

it('writes any event as an item that DynamoDB takes', () => {
  fc.assert(
    fc.property(values, texts, texts, texts, (payload, field, accountId, correlationId) => {
      const item = writeKeptEvent(anEvent({ payload, field, accountId, correlationId }));
      expect(sizeOf(item)).toBeLessThan(ITEM_BYTES);
    }),
    { numRuns: 30 },
  );
});
