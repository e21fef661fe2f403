import { expect, it } from 'vitest';
import { percentile, tallyOf } from '../../../load/ledger/tally.ts';
import { aPosted } from './support.ts';

it('counts a message once, however often it is taken, and its copies apart', () => {
  const first = aPosted({ first: 7 });
  const tally = tallyOf([
    first,
    { ...first, id: 'again-1', kind: 'again' },
    { ...first, id: 'again-2', kind: 'again' },
    aPosted({ kind: 'batch', first: 8, messages: 3, statuses: 12 }),
    aPosted({ kind: 'status', messages: 0, statuses: 1 }),
  ]);
  expect([...tally.taken]).toEqual(['load-ab-7', 'load-ab-8', 'load-ab-9', 'load-ab-10']);
  expect(tally).toMatchObject({ webhooks: 5, wrong: 0, duplicates: 2, statuses: 13 });
});

it('takes a forged webhook that is refused for right, and one that is taken for wrong', () => {
  const forged = (status: number) => aPosted({ kind: 'forged', answer: { status, ms: 5 } });
  const tally = tallyOf([forged(401), forged(401), forged(200)]);
  expect(tally).toMatchObject({ forged: 3, refused: 2, wrong: 1 });
  expect(tally.taken.size).toBe(0);
  expect(tally.acknowledgedMs).toEqual([]);
});

it('is not sure of what was not taken, and knows a message of which a copy was', () => {
  const lost = aPosted({ first: 1, statuses: 4, answer: undefined });
  const refused = aPosted({ first: 2, answer: { status: 503, ms: 9 } });
  const tally = tallyOf([
    lost,
    refused,
    { ...refused, id: 'copy', answer: { status: 200, ms: 4 } },
  ]);
  expect(tally.wrong).toBe(2);
  expect(tally.unsure).toEqual({ messages: 2, statuses: 4 });
  expect([...tally.taken]).toEqual(['load-ab-2']);
});

it('tells how many senders were there at once, from first webhook to last answer', () => {
  const stay = (sender: string, atMs: number) => aPosted({ sender, atMs });
  expect(
    tallyOf([stay('a', 0), stay('b', 5), stay('a', 100), stay('c', 50), stay('d', 500)]).mostAtOnce,
  ).toBe(2);
  expect(tallyOf([]).mostAtOnce).toBe(0);
});

it('takes percentiles of what was measured, and of nothing 0', () => {
  const ms = Array.from({ length: 100 }, (_, nth) => nth + 1);
  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(ms, share))).toEqual([50, 95, 99, 100]);
  expect(percentile([], 0.5)).toBe(0);
});
