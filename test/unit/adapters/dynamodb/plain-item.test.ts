import { expect, test } from 'vitest';
import { plainItem } from '#adapters/dynamodb/plain-item.ts';

test('whatever an item holds becomes JSON, and nothing of it is lost', () => {
  const bytes = new Uint8Array([104, 105]);
  const item = plainItem({
    text: { S: 'x' },
    number: { N: '1.5' },
    large: { N: '123456789012345678901234567890' },
    yes: { BOOL: true },
    nothing: { NULL: true },
    texts: { SS: ['a', 'b'] },
    numbers: { NS: ['1', '2'] },
    binary: { B: bytes },
    binaries: { BS: [bytes] },
    list: { L: [{ S: 'x' }, { M: { inner: { N: '1' } } }] },
  });
  expect(JSON.parse(JSON.stringify(item))).toEqual({
    text: 'x',
    number: 1.5,
    large: '123456789012345678901234567890',
    yes: true,
    nothing: null,
    texts: ['a', 'b'],
    numbers: [1, 2],
    binary: 'aGk=',
    binaries: ['aGk='],
    list: ['x', { inner: 1 }],
  });
});
