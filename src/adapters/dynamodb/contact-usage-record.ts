import { isObject, numberAt, textAt } from '#domain/json.ts';
import { type ContactUsage, NO_USAGE } from '#domain/limits/contact-usage.ts';
import { microUsd, NO_MONEY } from '#domain/money/micro-usd.ts';

/** The `usage` attribute of a head; none where nothing was used. */
export function writeUsage(usage: ContactUsage): object | undefined {
  if (usage === NO_USAGE) return undefined;
  return {
    answersPaidUpTo: usage.answersPaidUpToMs,
    noticesPaidUpTo: usage.noticesPaidUpToMs,
    minutePaidUpTo: usage.minutePaidUpToMs,
    hourPaidUpTo: usage.hourPaidUpToMs,
    countedAt: usage.countedAtMs,
    day: usage.day,
    spentInDay: usage.spentInDay,
    spentInMonth: usage.spentInMonth,
    toldAt: usage.toldAtMs,
  };
}

/** What cannot be read counts as unused: a customer is answered rather than not. */
export function readUsage(value: unknown): ContactUsage {
  if (!isObject(value)) return NO_USAGE;
  const amount = (key: string) => {
    const micros = numberAt(value, key);
    return Number.isSafeInteger(micros) && (micros ?? -1) >= 0 ? microUsd(micros ?? 0) : NO_MONEY;
  };
  return {
    answersPaidUpToMs: numberAt(value, 'answersPaidUpTo') ?? 0,
    noticesPaidUpToMs: numberAt(value, 'noticesPaidUpTo') ?? 0,
    minutePaidUpToMs: numberAt(value, 'minutePaidUpTo') ?? 0,
    hourPaidUpToMs: numberAt(value, 'hourPaidUpTo') ?? 0,
    countedAtMs: numberAt(value, 'countedAt') ?? 0,
    day: textAt(value, 'day') ?? '',
    spentInDay: amount('spentInDay'),
    spentInMonth: amount('spentInMonth'),
    toldAtMs: numberAt(value, 'toldAt'),
  };
}
