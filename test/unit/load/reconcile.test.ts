import { expect, it, vi } from 'vitest';
import { isEven, readCounts, reconcile, takenIn } from '../../../load/reconcile.ts';

const before = { MessagesAccepted: 5, TurnsAnswered: 5, MessagesParked: 1 };

it('waits until all that was accepted is answered, and counts only what came since', async () => {
  const counts = [
    { MessagesAccepted: 7, TurnsAnswered: 8, MessagesParked: 1 },
    { MessagesAccepted: 8, TurnsAnswered: 6, MessagesParked: 1 },
    { MessagesAccepted: 8, TurnsAnswered: 8, MessagesParked: 1 },
  ];
  const pause = vi.fn(async () => undefined);
  const found = await reconcile(before, 3, {
    readCounts: async () => counts.shift() ?? before,
    pause,
  });
  expect(found).toEqual({ accepted: 3, answered: 3, parked: 0 });
  expect(pause).toHaveBeenCalledTimes(2);
  expect(isEven(3, found)).toBe(true);
});

it('gives up after three minutes on what is never answered', async () => {
  const pause = vi.fn(async () => undefined);
  const stuck = { MessagesAccepted: 8, TurnsAnswered: 7, MessagesParked: 1 };
  const found = await reconcile(before, 3, { readCounts: async () => stuck, pause });
  expect(found).toEqual({ accepted: 3, answered: 2, parked: 0 });
  expect(pause).toHaveBeenCalledTimes(179);
  expect(isEven(3, found)).toBe(false);
});

it.each([
  ['one more was accepted than sent', { accepted: 4, answered: 4, parked: 0 }],
  ['one was answered twice', { accepted: 3, answered: 4, parked: 0 }],
  ['one waits for the operator', { accepted: 3, answered: 3, parked: 1 }],
])('is not even where %s', (_, found) => {
  expect(isEven(3, found)).toBe(false);
});

it('reads what was taken from a report, and what was counted from the simulator', async () => {
  const report = { aggregate: { counters: { 'http.codes.200': 41, 'http.codes.500': 1 } } };
  expect(takenIn(JSON.stringify(report))).toBe(41);
  expect(takenIn('{}')).toBe(0);
  const response = Response.json({ MessagesAccepted: 2, odd: 'x' });
  expect(await readCounts(response)).toEqual({ MessagesAccepted: 2, odd: 0 });
});
