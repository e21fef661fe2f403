/** So many in so long; all at once too, if none were had before. */
export interface Rate {
  readonly most: number;
  readonly perMs: number;
}

/** The time up to which is paid after one more, in whole milliseconds since the epoch. */
export function pay(paidUpToMs: number, rate: Rate, nowMs: number): number {
  return Math.max(paidUpToMs, nowMs) + priceMs(rate);
}

/** How long to wait until one more may be had; 0 = now. */
export function rateWaitMs(paidUpToMs: number, rate: Rate, nowMs: number): number {
  return Math.max(0, paidUpToMs + priceMs(rate) - rate.perMs - nowMs);
}

function priceMs({ most, perMs }: Rate): number {
  return Math.ceil(perMs / most);
}
