/** `2026-11-26`, in UTC. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** `2026-11`, in UTC. */
export function monthOf(atMs: number): string {
  return dayOf(atMs).slice(0, 7);
}

/** How long a day or month of UTC still lasts, in milliseconds; more than 0. */
export function leftOf(period: 'day' | 'month', atMs: number): number {
  return endOf(period, atMs) - atMs;
}

function endOf(period: 'day' | 'month', atMs: number): number {
  const at = new Date(atMs);
  switch (period) {
    case 'day':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1);
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
  }
}

/** When a month such as `2026-11` begins, in milliseconds; undefined for what is no month. */
export function startOfMonth(month: string): number | undefined {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)) return undefined;
  return Date.parse(`${month}-01T00:00:00Z`);
}
