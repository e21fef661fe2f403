import type { Tally } from '../ledger/tally.ts';
import type { Verdict } from './verdict.ts';

/** What a stack has counted, in sums. */
export interface Counts {
  readonly accepted: number;
  readonly duplicates: number;
  /** Statuses, and whatever else is no message. */
  readonly events: number;
  /** Of the events. */
  readonly handled: number;
  /** Messages that are done with, in whatever way. */
  readonly finished: number;
  /** Of the finished those that got a reply. */
  readonly answered: number;
  readonly turns: number;
  readonly parked: number;
}

/** A stack as it stood at a moment. */
export interface Look {
  readonly atMs: number;
  readonly counts: Counts;
  /** Rings and events that wait or are worked on. */
  readonly backlog: number;
  readonly deadLetters: number;
}

export function countsOf(of: (name: keyof Counts) => number): Counts {
  return {
    accepted: of('accepted'),
    duplicates: of('duplicates'),
    events: of('events'),
    handled: of('handled'),
    finished: of('finished'),
    answered: of('answered'),
    turns: of('turns'),
    parked: of('parked'),
  };
}

export const NO_COUNTS = countsOf(() => 0);

/** What was counted between two looks. */
export function since(before: Look, now: Look): Counts {
  return countsOf((name) => now.counts[name] - before.counts[name]);
}

/**
 * Whether nothing of what was taken is still on its way. Counts are told at the end of an invocation, and
 * may come after what they led to.
 */
export function isSettled(tally: Tally, before: Look, now: Look): boolean {
  const counts = since(before, now);
  return (
    counts.accepted >= tally.taken.size &&
    counts.finished + counts.parked >= counts.accepted &&
    counts.duplicates >= tally.duplicates &&
    counts.events >= tally.statuses &&
    counts.handled >= counts.events &&
    now.backlog === 0
  );
}

export interface Evidence {
  readonly tally: Tally;
  readonly before: Look;
  readonly after: Look;
  /** How many messages of others may be among the counts. */
  readonly strangers: number;
  /** How often each message was answered, where what was said can be read. */
  readonly answers: ReadonlyMap<string, number> | undefined;
}

/** Whether what was sent, what was accepted and what was answered are one and the same. */
export function reconcile(evidence: Evidence): readonly Verdict[] {
  const { tally, before, after, strangers } = evidence;
  const { accepted, duplicates, events, handled, answered, turns, parked } = since(before, after);
  const { taken, unsure } = tally;
  // What was not taken may be stored all the same, and what a dying function counted is lost.
  const messages = (is: number, what: string) =>
    match(what, is, taken.size, unsure.messages + strangers);
  const statuses = (is: number, what: string) =>
    match(what, is, tally.statuses, unsure.statuses + strangers);
  const dead = after.deadLetters - before.deadLetters;
  return [
    messages(accepted, 'messages accepted'),
    match(
      'messages recognised as sent again',
      duplicates,
      tally.duplicates,
      unsure.messages + strangers,
    ),
    statuses(events, 'statuses accepted'),
    statuses(handled, 'statuses dealt with'),
    messages(answered, `messages answered, in ${turns} turns`),
    ...answeredOnce(evidence),
    match('messages parked', parked, 0, 0),
    match('left in the queues', after.backlog, 0, 0),
    match('dead letters more than before', dead, 0, 0),
  ];
}

/** The proof by what customers read: the model repeats what it was asked, so each token comes back. */
function answeredOnce({ tally, answers }: Evidence): readonly Verdict[] {
  if (!answers) return [];
  const times = (token: string) => answers.get(token) ?? 0;
  const once = [...tally.taken].filter((token) => times(token) === 1).length;
  const twice = [...answers].filter(([, count]) => count > 1).length;
  return [
    match('messages that their customer saw answered once', once, tally.taken.size, 0),
    match('messages that their customer saw answered twice', twice, 0, 0),
  ];
}

function match(what: string, is: number, wanted: number, loose: number): Verdict {
  return {
    by: 'reconciliation',
    what,
    is: `${is}`,
    wanted: loose === 0 ? `${wanted}` : `${wanted}, or up to ${loose} more`,
    holds: is >= wanted && is <= wanted + loose,
  };
}
