import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeastRecent } from '#domain/least-recent.ts';

test('forgets first what was not asked for longest', () => {
  const memory = new LeastRecent<string, number>({ mostEntries: 2 });
  memory.set('a', 1);
  memory.set('b', 2);
  expect(memory.get('a')).toBe(1);
  memory.set('c', 3);
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([1, undefined, 3]);
});

test('does not remember what is heavier than all may be', () => {
  const memory = new LeastRecent<string, string>({
    mostEntries: 9,
    mostWeight: 3,
    weigh: (value) => value.length,
  });
  memory.set('a', 'ab');
  memory.set('b', 'abcd');
  expect([memory.get('b'), memory.size]).toEqual([undefined, 0]);
});

test('is never larger or heavier than its limits, and holds what was set last', () => {
  const step = fc.record({
    act: fc.constantFrom('set', 'set', 'get', 'delete'),
    key: fc.nat({ max: 6 }),
    weight: fc.nat({ max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = new LeastRecent<number, number>({
        mostEntries: 4,
        mostWeight: 15,
        weigh: (value) => value,
      });
      const set = new Map<number, number>();
      for (const { act, key, weight } of steps) {
        if (act === 'set') {
          memory.set(key, weight);
          set.set(key, weight);
          expect(memory.get(key)).toBe(weight);
        } else if (act === 'delete') {
          memory.delete(key);
          set.delete(key);
        } else if (memory.get(key) !== undefined) expect(memory.get(key)).toBe(set.get(key));
        const held = [...set.keys()].map((each) => memory.get(each) ?? 0);
        expect(memory.size).toBeLessThanOrEqual(4);
        expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(15);
      }
    }),
  );
});
