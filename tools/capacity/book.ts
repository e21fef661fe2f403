/** What is written down of a run while it is open. */
export class Book {
  isOpen = false;
  written = 0;
  accepted = 0;
  /** Webhooks that were not taken, and so come again. */
  refused = 0;
  answered = 0;
  /** Several messages may have one reply. */
  replies = 0;
  /** Answered by the fallback text: they had waited too long. */
  late = 0;
  /** Kept for a person, after that. */
  kept = 0;
  deferred = 0;
  statuses = 0;
  jobs = 0;
  /** From when a chat could be taken out of the queue until a processor works on it. */
  readonly beginnings: number[] = [];
  /** From acceptance until the reply is out. */
  readonly answers: number[] = [];

  count(
    what:
      | 'written'
      | 'accepted'
      | 'refused'
      | 'answered'
      | 'replies'
      | 'late'
      | 'kept'
      | 'deferred'
      | 'statuses'
      | 'jobs',
    times = 1,
  ): void {
    if (this.isOpen) this[what] += times;
  }

  begun(seconds: number): void {
    if (this.isOpen) this.beginnings.push(seconds);
  }

  answer(seconds: number): void {
    if (this.isOpen) this.answers.push(seconds);
  }
}

/** What so many of all are at or below: 0.5 is the median. 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length;
}
