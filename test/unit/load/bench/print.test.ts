import { expect, it } from 'vitest';
import { inMarkdown, isMet, summaryOf } from '../../../../load/bench/print.ts';
import type { Section } from '../../../../load/bench/section.ts';

const SECTION: Section = {
  title: 'Warm',
  explains: 'Ours against the floor.',
  columns: ['function', 'CPU ms', '× floor', 'keeps the number'],
  rows: [
    { name: 'floor', cells: [1_234.5, undefined, 'yes'] },
    { name: 'ours', cells: [12.34, 1.239, 'no'] },
  ],
  targets: [
    { what: 'ours to the floor', is: 1.239, atMost: 1.2 },
    { what: 'throughput', is: 9.6, atLeast: 9.5 },
    { what: 'growth', is: Number.NaN, atMost: 1.1, atLeast: 0.9 },
  ],
};

it('prints a table, and a verdict for each target', () => {
  expect(inMarkdown(SECTION)).toBe(`### Warm

Ours against the floor.

| function | CPU ms | × floor | keeps the number |
| -------- | -----: | ------: | ---------------: |
| floor    |  1,235 |       – |              yes |
| ours     |   12.3 |    1.24 |               no |

- **missed**: ours to the floor: 1.24 (at most 1.2)
- met: throughput: 9.60 (at least 9.5)
- **missed**: growth: not measured (at most 1.1, at least 0.9)`);
});

it('judges by the number and not by how it is printed', () => {
  expect(isMet({ what: 'a ratio', is: 1.804, atMost: 1.8 })).toBe(false);
  expect(isMet({ what: 'a ratio', is: 1.8, atMost: 1.8 })).toBe(true);
  expect(isMet({ what: 'a ratio', is: 0.8, atMost: 1.1, atLeast: 0.9 })).toBe(false);
});

it('says in one line what is missed', () => {
  expect(summaryOf([SECTION])).toBe('2 of 3 targets are missed: ours to the floor; growth.');
  expect(summaryOf([{ ...SECTION, targets: SECTION.targets.slice(1, 2) }])).toBe(
    'Every target that was measured is met.',
  );
});

it('says of what could not be measured why, and what to do, beside what was', () => {
  const why = 'A chat was to be answered; the processor says "turn_deferred"\n{"level":"INFO"}';
  expect(summaryOf([SECTION], [{ name: 'growth', why }]).split('\n')).toEqual([
    'growth could not be measured: A chat was to be answered; the processor says "turn_deferred". What it wrote is above; to measure it again: npm run bench -- --only growth',
    '2 of 3 targets are missed: ours to the floor; growth.',
  ]);
});
