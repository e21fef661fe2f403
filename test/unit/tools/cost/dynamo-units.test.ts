import { describe, expect, it } from 'vitest';
import {
  type IndexShape,
  type Item,
  refusedWriteUnits,
  storedBytes,
  writeUnits,
} from '../../../../tools/cost/dynamo-units.ts';

const byTenant: IndexShape = {
  keys: ['tenantId', 'lastAt'],
  projected: ['pk', 'tenantId', 'lastAt', 'state'],
};

function anItem(over: Item = {}): Item {
  return {
    pk: { S: 'CHAT#1' },
    tenantId: { S: 'bakery' },
    lastAt: { N: '1' },
    state: { S: 'human' },
    ...over,
  };
}

/** An item of so many bytes in all. */
function ofBytes(bytes: number): Item {
  return { pk: { S: 'x'.repeat(bytes - 2) } };
}

describe('a write', () => {
  it.each([
    [1_024, 1],
    [1_025, 2],
    [10_000, 10],
  ])('of %i bytes is %i units', (bytes, units) => {
    expect(writeUnits(undefined, ofBytes(bytes), [])).toBe(units);
  });

  it('is billed by the larger of what was there and what is', () => {
    expect(writeUnits(ofBytes(3_000), ofBytes(100), [])).toBe(3);
    expect(writeUnits(ofBytes(3_000), undefined, [])).toBe(3);
    expect(refusedWriteUnits(ofBytes(3_000))).toBe(3);
    expect(refusedWriteUnits(undefined)).toBe(1);
  });

  it.each<[string, Item | undefined, Item | undefined, number]>([
    ['comes into it', undefined, anItem(), 1],
    ['leaves it', anItem(), undefined, 1],
    ['moves in it', anItem(), anItem({ lastAt: { N: '2' } }), 2],
    ['changes what it shows', anItem(), anItem({ state: { S: 'assistant' } }), 1],
    ['changes what it does not show', anItem(), anItem({ text: { S: 'Hello' } }), 0],
  ])('costs an index more when the item %s', (_, before, after, more) => {
    expect(writeUnits(before, after, [byTenant])).toBe(1 + more);
  });

  it('costs a sparse index nothing where the item lacks its key', () => {
    const { tenantId, ...without } = anItem();
    expect(writeUnits(undefined, without, [byTenant])).toBe(1);
    expect(writeUnits(anItem(), without, [byTenant])).toBe(2);
  });
});

it('keeps an item in the table and in each index that has it, a hundred bytes more for each', () => {
  // 2 + 6, 8 + 6, 6 + 2, 5 + 5; the index shows all four.
  expect(storedBytes(anItem(), [])).toBe(40 + 100);
  expect(storedBytes(anItem(), [byTenant])).toBe(2 * (40 + 100));
  expect(storedBytes(anItem({ text: { S: 'Hello' } }), [byTenant])).toBe(2 * (40 + 100) + 9);
});

it.each<[string, Item, number]>([
  ['a number: a byte for two digits and one more', { n: { N: '12345' } }, 1 + 4],
  ['a negative one', { n: { N: '-12' } }, 1 + 3],
  ['bytes', { b: { B: Buffer.from('abcdef').toString('base64') as never } }, 1 + 6],
  ['yes and no', { b: { BOOL: true } }, 2],
  ['a list', { l: { L: [{ S: 'ab' }, { S: 'c' }] } }, 1 + 3 + 3 + 2],
  ['a map', { m: { M: { key: { S: 'ab' } } } }, 1 + 3 + 1 + 3 + 2],
  ['a set', { s: { SS: ['ab', 'c'] } }, 1 + 3],
  ['two bytes for a letter', { s: { S: 'ñ' } }, 1 + 2],
])('measures %s', (_, item, bytes) => {
  expect(storedBytes(item, [])).toBe(bytes + 100);
});
