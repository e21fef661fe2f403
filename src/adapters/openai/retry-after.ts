/** The wish of a 429 or 503: `retry-after-ms`, or `retry-after` in seconds; a date is not used here. */
export function retryAfterMs(header: (name: string) => unknown): number | undefined {
  const ms = positive(header('retry-after-ms'));
  const seconds = positive(header('retry-after'));
  return ms ?? (seconds === undefined ? undefined : seconds * 1_000);
}

function positive(text: unknown): number | undefined {
  const number = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
