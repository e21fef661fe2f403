/** So much a second, and what was not used of so many seconds at once: how services limit rates. */
export interface BucketSize {
  readonly perSecond: number;
  /** The most at once. */
  readonly burst: number;
}

/** A limit on a rate. It counts what it gave and how often it had too little. */
export class Bucket {
  readonly size: BucketSize;
  taken = 0;
  refusals = 0;
  #left: number;
  #at = 0;

  constructor(size: BucketSize) {
    this.size = size;
    this.#left = size.burst;
  }

  has(amount: number, now: number): boolean {
    const { perSecond, burst } = this.size;
    if (perSecond === Number.POSITIVE_INFINITY) return true;
    this.#left = Math.min(burst, this.#left + (now - this.#at) * perSecond);
    this.#at = now;
    // What is more than fits is taken from a full bucket, and the rest of it owed.
    return this.#left >= Math.min(amount, burst);
  }

  /** What nobody can refuse is taken too: the others then wait for it. */
  owe(amount: number, now: number): void {
    if (this.has(0, now)) this.#left = Math.max(-this.size.burst, this.#left - amount);
    this.taken += amount;
  }

  take(amount: number, now: number): boolean {
    if (!this.has(amount, now)) {
      this.refusals += 1;
      return false;
    }
    this.#left -= amount;
    this.taken += amount;
    return true;
  }
}

/** From each so much, or from none: then whoever lacks it counts a refusal. */
export function takeAll(
  wishes: readonly (readonly [bucket: Bucket, amount: number])[],
  now: number,
): boolean {
  const lacking = wishes.filter(([bucket, amount]) => !bucket.has(amount, now));
  for (const [bucket] of lacking) bucket.refusals += 1;
  if (lacking.length > 0) return false;
  for (const [bucket, amount] of wishes) bucket.take(amount, now);
  return true;
}
