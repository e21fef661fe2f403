/**
 * A second of ISO 8601 with its zone, in epoch milliseconds. Undefined for what lacks either, and for a day that
 * its month has not: `Date` would take 30 February for 2 March.
 */
export function parseIsoTime(text: string): number | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(text);
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(ms) || !(Number(day) <= daysInMonth) ? undefined : ms;
}
