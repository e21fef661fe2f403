import { Newest } from '../newest.ts';

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
  readonly #events: Newest<LogEvent>;

  constructor(most: number = MOST_LINES) {
    this.#events = new Newest(most);
  }

  add(event: LogEvent): void {
    this.#events.push(event);
  }

  /** Those of the groups and of the time, both ends included, oldest first. */
  between(logGroups: readonly string[], fromMs: number, toMs: number): readonly LogEvent[] {
    const groups = new Set(logGroups);
    return this.#events.all.filter(
      ({ atMs, logGroup }) => atMs >= fromMs && atMs <= toMs && groups.has(logGroup),
    );
  }
}
