/** When people of the business are there; undefined = always. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Madrid`. */
  readonly timeZone: string;
  /** BCP 47: how a time of opening is written to customers. */
  readonly locale: string;
  /** Seven days, Sunday first, each with the times at which somebody is there. */
  readonly week: readonly (readonly OpenTime[])[];
  /** Dates, such as `2026-12-25`, on which nobody comes. */
  readonly closed: readonly string[];
}

/** Wall-clock times as `HH:MM`; up to 24:00. `to` before `from`, or the same, is on the next day. */
export interface OpenTime {
  readonly from: string;
  readonly to: string;
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A business that opens on no day of a year does not open. */
const MOST_DAYS_AHEAD = 370;

export function isOpen(hours: BusinessHours | undefined, nowMs: number): boolean {
  return opensAtMs(hours, nowMs) === nowMs;
}

/**
 * When somebody is there again: now, while it is open.
 * @returns undefined for a business that does not open within a year
 */
export function opensAtMs(hours: BusinessHours | undefined, nowMs: number): number | undefined {
  if (!hours) return nowMs;
  const today = localDay(hours.timeZone, nowMs);
  // From yesterday on: a night may have begun then.
  for (let ahead = -1; ahead <= MOST_DAYS_AHEAD; ahead += 1) {
    const starts = spansOn(hours, today + ahead * DAY_MS)
      .filter(({ toMs }) => toMs > nowMs)
      .map(({ fromMs }) => Math.max(fromMs, nowMs));
    if (starts.length > 0) return Math.min(...starts);
  }
  return undefined;
}

/** Such as "Monday 09:00", in the business's own time. */
export function openingInWords({ timeZone, locale }: BusinessHours, atMs: number): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs);
}

/** Such as "Monday, 30 November 2026", in English, where the business is. */
export function dayInWords({ timeZone }: BusinessHours, atMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full' }).format(atMs);
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param day a calendar day as the midnight of that date in UTC, whatever the time zone */
function spansOn({ timeZone, week, closed }: BusinessHours, day: number): readonly Span[] {
  if (closed.includes(new Date(day).toISOString().slice(0, 10))) return [];
  const times = week[new Date(day).getUTCDay()] ?? [];
  return times.map(({ from, to }) => {
    const [fromMin, toMin] = [minutesOf(from), minutesOf(to)];
    const endMin = toMin <= fromMin ? toMin + 24 * 60 : toMin;
    return {
      fromMs: atWallClock(timeZone, day + fromMin * MINUTE_MS),
      toMs: atWallClock(timeZone, day + endMin * MINUTE_MS),
    };
  });
}

/** @returns NaN for what is no time of a day */
export function minutesOf(time: string): number {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(time) ?? [];
  const sum = Number(hours) * 60 + Number(minutes);
  return sum <= 24 * 60 ? sum : Number.NaN;
}

/**
 * The instant at which a clock on the wall shows this, written as if it were UTC. Of an hour that comes
 * twice it is the first one; in one that is left out, as much later as the clock was put forward.
 */
function atWallClock(timeZone: string, wallMs: number): number {
  const before = offsetMs(timeZone, wallMs - DAY_MS);
  const after = offsetMs(timeZone, wallMs + DAY_MS);
  const first = wallMs - before;
  if (before === after || offsetMs(timeZone, first) === before) return first;
  const second = wallMs - after;
  return offsetMs(timeZone, second) === after ? second : first;
}

/** The midnight of the local date, as if it were UTC. */
function localDay(timeZone: string, atMs: number): number {
  const wallMs = atMs + offsetMs(timeZone, atMs);
  return wallMs - (((wallMs % DAY_MS) + DAY_MS) % DAY_MS);
}

/** By how much the local clock is ahead of UTC. */
function offsetMs(timeZone: string, atMs: number): number {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return wallMs - Math.floor(atMs / 1000) * 1000;
}

/** Making one takes longer than all that it is asked here. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  CLOCKS.set(timeZone, clock);
  return clock;
}

export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

export function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length > 0;
  } catch {
    return false;
  }
}
