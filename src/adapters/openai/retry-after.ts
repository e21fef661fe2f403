/** The wish of a 429 or 503: `retry-after-ms`, or `retry-after` in seconds; a date is not used here. */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const ms = positive(headers?.get('retry-after-ms'));
  const seconds = positive(headers?.get('retry-after'));
  return ms ?? (seconds === undefined ? undefined : seconds * 1_000);
}

function positive(text: string | null | undefined): number | undefined {
  const number = text ? Number(text) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
