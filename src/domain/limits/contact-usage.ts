import type { StoredInbound } from '#domain/conversation/message.ts';
import { type MicroUsd, NO_MONEY, sumOf } from '#domain/money/micro-usd.ts';
import { dayOf } from '#domain/money/period.ts';
import type { ContactLimits } from '#domain/tenant/terms.ts';
import { pay, type Rate, rateWaitMs } from './rate.ts';

/** What a contact has had of the assistant; lies in the head, so that it changes with what it counts. */
export interface ContactUsage {
  /** Each up to when it is paid for: see `rate.ts`. */
  readonly answersPaidUpToMs: number;
  readonly noticesPaidUpToMs: number;
  readonly minutePaidUpToMs: number;
  readonly hourPaidUpToMs: number;
  /** When the newest of the messages that were counted came. */
  readonly countedAtMs: number;
  /** The UTC day of the sums, such as `2026-11-26`; empty before the first. */
  readonly day: string;
  readonly spentInDay: MicroUsd;
  readonly spentInMonth: MicroUsd;
  /** When the customer was told that a limit is reached. */
  readonly toldAtMs: number | undefined;
}

export const NO_USAGE: ContactUsage = {
  answersPaidUpToMs: 0,
  noticesPaidUpToMs: 0,
  minutePaidUpToMs: 0,
  hourPaidUpToMs: 0,
  countedAtMs: 0,
  day: '',
  spentInDay: NO_MONEY,
  spentInMonth: NO_MONEY,
  toldAtMs: undefined,
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Whoever has not made up their mind is confirmed so much of it. */
const NOTICES: Rate = { most: 6, perMs: HOUR_MS };
/** A customer is told of a limit once in this time. */
const TOLD_HOLDS_MS = 24 * HOUR_MS;

/** How long this contact's next answer has to wait, in milliseconds; 0 = not at all. */
export function answerWaitMs(usage: ContactUsage, limits: ContactLimits, nowMs: number): number {
  return rateWaitMs(usage.answersPaidUpToMs, answersOf(limits), nowMs);
}

/** One more answer. */
export function countAnswer(
  usage: ContactUsage,
  limits: ContactLimits,
  nowMs: number,
): ContactUsage {
  return {
    ...usage,
    answersPaidUpToMs: pay(usage.answersPaidUpToMs, answersOf(limits), nowMs),
  };
}

/**
 * One more set text, such as the confirmation of a STOP.
 * @returns undefined where the contact has had enough of them for now
 */
export function countNotice(usage: ContactUsage, nowMs: number): ContactUsage | undefined {
  if (rateWaitMs(usage.noticesPaidUpToMs, NOTICES, nowMs) > 0) return undefined;
  return { ...usage, noticesPaidUpToMs: pay(usage.noticesPaidUpToMs, NOTICES, nowMs) };
}

/** A contact's waiting messages by whether its limits have room for them. */
export interface Sorted {
  readonly within: readonly StoredInbound[];
  readonly beyond: readonly StoredInbound[];
  /** With those within counted. */
  readonly usage: ContactUsage;
}

/**
 * Counts messages by the times at which they came, which no delay of ours changes. The order is kept.
 * @param cameAtMs when a message came
 */
export function sortByLimits(
  waiting: readonly StoredInbound[],
  before: ContactUsage,
  limits: ContactLimits,
  cameAtMs = ({ acceptedAtMs }: StoredInbound) => acceptedAtMs,
): Sorted {
  const beyond = new Set<StoredInbound>();
  let usage = before;
  const inTurn = waiting.toSorted(
    (one, other) => cameAtMs(one) - cameAtMs(other) || one.position - other.position,
  );
  for (const message of inTurn) {
    const next = countMessage(usage, limits, cameAtMs(message));
    if (next) usage = next;
    else beyond.add(message);
  }
  return {
    within: waiting.filter((message) => !beyond.has(message)),
    beyond: waiting.filter((message) => beyond.has(message)),
    usage,
  };
}

/**
 * One that is older than what was counted already, as after a redrive, takes of the room that was left then.
 * @returns undefined for a message that there is no room for
 */
function countMessage(
  usage: ContactUsage,
  { messagesPerMinute, messagesPerHour }: ContactLimits,
  cameAtMs: number,
): ContactUsage | undefined {
  const atMs = Math.max(cameAtMs, usage.countedAtMs);
  const minute: Rate = { most: messagesPerMinute, perMs: MINUTE_MS };
  const hour: Rate = { most: messagesPerHour, perMs: HOUR_MS };
  if (rateWaitMs(usage.minutePaidUpToMs, minute, atMs) > 0) return undefined;
  if (rateWaitMs(usage.hourPaidUpToMs, hour, atMs) > 0) return undefined;
  return {
    ...usage,
    countedAtMs: atMs,
    minutePaidUpToMs: pay(usage.minutePaidUpToMs, minute, atMs),
    hourPaidUpToMs: pay(usage.hourPaidUpToMs, hour, atMs),
  };
}

/** Money that this contact has cost. */
export function countCost(usage: ContactUsage, cost: MicroUsd, nowMs: number): ContactUsage {
  const { day, inDay, inMonth } = spentBy(usage, nowMs);
  return {
    ...usage,
    day,
    spentInDay: sumOf([inDay, cost]),
    spentInMonth: sumOf([inMonth, cost]),
  };
}

/** Whether a contact that may cost so much in a day and a month may cost `amount` more. */
export function hasRoomFor(
  usage: ContactUsage,
  amount: MicroUsd,
  budget: { readonly perDay: MicroUsd | undefined; readonly perMonth: MicroUsd | undefined },
  nowMs: number,
): boolean {
  const { inDay, inMonth } = spentBy(usage, nowMs);
  return (
    inDay + amount <= (budget.perDay ?? Number.POSITIVE_INFINITY) &&
    inMonth + amount <= (budget.perMonth ?? Number.POSITIVE_INFINITY)
  );
}

function spentBy(usage: ContactUsage, nowMs: number) {
  // A clock that lags behind another's does not begin a day anew.
  const day = dayOf(nowMs) > usage.day ? dayOf(nowMs) : usage.day;
  const isSameMonth = usage.day !== '' && usage.day.slice(0, 7) === day.slice(0, 7);
  return {
    day,
    inDay: usage.day === day ? usage.spentInDay : NO_MONEY,
    inMonth: isSameMonth ? usage.spentInMonth : NO_MONEY,
  };
}

/** Whether the customer knows already; otherwise they are told now. */
export function isTold({ toldAtMs }: ContactUsage, nowMs: number): boolean {
  return toldAtMs !== undefined && nowMs - toldAtMs < TOLD_HOLDS_MS;
}

function answersOf({ answersPerMinute }: ContactLimits): Rate {
  return { most: answersPerMinute, perMs: MINUTE_MS };
}
