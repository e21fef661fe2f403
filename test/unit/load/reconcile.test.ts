import { expect, it } from 'vitest';
import { isSettled, reconcile } from '../../../load/judge/reconcile.ts';
import { calm, settle } from '../../../load/judge/settle.ts';
import { tallyOf } from '../../../load/ledger/tally.ts';
import { aLook, aPosted } from './support.ts';

const message = aPosted({ first: 1 });
const tally = tallyOf([
  message,
  { ...message, id: 'copy', kind: 'again' },
  aPosted({ first: 2 }),
  aPosted({ kind: 'status', messages: 0, statuses: 1 }),
]);
const before = aLook({ counts: { accepted: 5, answered: 4, parked: 1 }, deadLetters: 1 });
const counts = {
  accepted: 7,
  duplicates: 1,
  events: 1,
  handled: 1,
  finished: 2,
  answered: 6,
  turns: 1,
  parked: 1,
};
const after = aLook({ counts, deadLetters: 1 });
const answers = new Map([
  ['load-ab-1', 1],
  ['load-ab-2', 1],
]);
const evidence = { tally, before, after, strangers: 0, answers };

const missed = (differences: Partial<typeof evidence>) =>
  reconcile({ ...evidence, ...differences })
    .filter(({ holds }) => !holds)
    .map(({ what }) => what);

it('is even where sent, accepted and answered are the same, by messages and not by turns', () => {
  expect(missed({})).toEqual([]);
});

it.each([
  ['one was lost', { accepted: 6 }, 'messages accepted'],
  ['one more was accepted than sent', { accepted: 8 }, 'messages accepted'],
  ['a copy was taken for another message', { duplicates: 0 }, 'messages recognised as sent again'],
  ['a status was lost', { events: 0 }, 'statuses accepted'],
  ['a status waits', { handled: 0 }, 'statuses dealt with'],
  ['one got a set text in place of an answer', { answered: 5 }, 'messages answered, in 1 turns'],
  ['one was answered twice', { answered: 7 }, 'messages answered, in 1 turns'],
  ['one waits for the operator', { parked: 2 }, 'messages parked'],
])('is not even where %s', (_, wrong, what) => {
  expect(missed({ after: aLook({ counts: { ...counts, ...wrong }, deadLetters: 1 }) })).toEqual([
    what,
  ]);
});

it('looks at what is left in the queues, and at dead letters that were not there before', () => {
  const left = aLook({ counts, backlog: 3, deadLetters: 2 });
  expect(missed({ after: left })).toEqual(['left in the queues', 'dead letters more than before']);
});

it('believes what customers saw more than what was counted', () => {
  expect(missed({ answers: new Map([['load-ab-1', 1]]) })).toEqual([
    'messages that their customer saw answered once',
  ]);
  expect(missed({ answers: new Map([...answers, ['load-ab-1', 2]]) })).toEqual([
    'messages that their customer saw answered once',
    'messages that their customer saw answered twice',
  ]);
});

it('lets as many strangers among the counts as there may be, and no more', () => {
  const busy = (more: number) => ({
    after: aLook({
      counts: { ...counts, accepted: 7 + more, answered: 6 + more },
      deadLetters: 1,
    }),
    strangers: 2,
  });
  expect(missed(busy(2))).toEqual([]);
  expect(missed(busy(3))).toEqual(['messages accepted', 'messages answered, in 1 turns']);
});

it('is no matter of certainty where a webhook was never answered', () => {
  const unsure = tallyOf([message, aPosted({ first: 9, answer: undefined })]);
  const taken = (accepted: number) => ({
    tally: unsure,
    after: aLook({
      counts: { accepted: 5 + accepted, answered: 4 + accepted, parked: 1 },
      deadLetters: 1,
    }),
    answers: new Map([['load-ab-1', 1]]),
  });
  expect(missed(taken(1))).toEqual([]);
  expect(missed(taken(2))).toEqual([]);
  expect(missed(taken(0))).toContain('messages accepted');
});

it('waits until all that was taken is done with', async () => {
  const finished = { ...counts, finished: 2, parked: 1 };
  const looks = [
    aLook({ counts: { ...finished, accepted: 6 } }),
    aLook({ counts: { ...finished, finished: 1 } }),
    aLook({ counts: { ...finished, handled: 0 } }),
    aLook({ counts: { ...finished, duplicates: 0 } }),
    aLook({ counts: finished, backlog: 1 }),
    aLook({ counts: finished, atMs: 6 }),
  ];
  for (const look of looks) expect(isSettled(tally, before, look)).toBe(look.atMs === 6);
  let nowMs = 0;
  const pauses: number[] = [];
  const found = await settle(
    tally,
    before,
    { patienceMs: 60_000, everyMs: 1_000 },
    {
      look: async () => looks.shift() ?? before,
      pause: async (ms) => {
        pauses.push(ms);
        nowMs += ms;
      },
      now: () => nowMs,
    },
  );
  expect(found.atMs).toBe(6);
  expect(pauses).toEqual(Array(5).fill(1_000));
});

it('gives up on what is never answered', async () => {
  let nowMs = 0;
  const found = await settle(
    tally,
    before,
    { patienceMs: 10_000, everyMs: 1_000 },
    {
      look: async () => aLook({ atMs: nowMs }),
      pause: async (ms) => {
        nowMs += ms;
      },
      now: () => nowMs,
    },
  );
  expect(found.atMs).toBe(10_000);
});

it('begins when nothing moves any more, and does not wait for ever where something always does', async () => {
  const pause = async () => undefined;
  const looks = [
    aLook({ counts: { handled: 1 }, backlog: 1 }),
    aLook({ counts: { handled: 1 }, backlog: 1 }),
    aLook({ counts: { handled: 2 } }),
    aLook({ counts: { handled: 2 }, atMs: 7 }),
  ];
  const found = await calm(1_000, { look: async () => looks.shift() ?? aLook(), pause });
  expect(found.atMs).toBe(7);
  let moving = 0;
  const busy = async () => {
    moving += 1;
    return aLook({ counts: { accepted: moving } });
  };
  await calm(1_000, { look: busy, pause });
  expect(moving).toBe(20);
});
