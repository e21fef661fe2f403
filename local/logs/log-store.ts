/** A line as CloudWatch Logs keeps it. */
export interface LogEvent {
  readonly atMs: number;
  readonly logGroup: string;
  readonly text: string;
}

/** Enough for hours of trying out; whoever loads the stack finds the newest. */
const MOST_LINES = 50_000;

/** What the functions have logged, the oldest forgotten first. */
export class LogStore {
  #events: LogEvent[] = [];
  readonly #most: number;

  constructor(most: number = MOST_LINES) {
    this.#most = most;
  }

  add(event: LogEvent): void {
    this.#events.push(event);
    // Not one by one, which would move all the others each time.
    if (this.#events.length >= 2 * this.#most) this.#events = this.#events.slice(-this.#most);
  }

  /** Those of the groups and of the time, both ends included, oldest first. */
  between(logGroups: readonly string[], fromMs: number, toMs: number): readonly LogEvent[] {
    const groups = new Set(logGroups);
    return this.#events
      .slice(-this.#most)
      .filter(({ atMs, logGroup }) => atMs >= fromMs && atMs <= toMs && groups.has(logGroup));
  }
}
