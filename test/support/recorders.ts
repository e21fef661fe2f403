import type { Clock, Pauses } from '#app/ports/clock.ts';
import type { Log, LogEvent, LogFields } from '#app/ports/log.ts';
import type { CountMetric, GaugeMetric, Metrics } from '#app/ports/metrics.ts';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs: number;

  constructor(nowMs = 1_790_400_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Pauses that last until a test ends them, or nobody waits any more. */
export class ManualPauses implements Pauses {
  /** How long each was to be. */
  readonly begun: number[] = [];
  #end: (() => void) | undefined;

  pause(durationMs: number, over: AbortSignal): Promise<void> {
    this.begun.push(durationMs);
    return new Promise((resolve) => {
      this.#end = resolve;
      over.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** The time of the pause that began last is up. */
  end(): void {
    this.#end?.();
  }
}

export interface LogLine {
  readonly level: string;
  readonly event: LogEvent;
  readonly fields: LogFields;
  /** Only where one was given. */
  readonly error?: unknown;
}

export class RecordingLog implements Log {
  readonly lines: LogLine[];
  readonly #fields: LogFields;

  constructor(fields: LogFields = {}, lines: LogLine[] = []) {
    this.#fields = fields;
    this.lines = lines;
  }

  with(fields: LogFields): RecordingLog {
    return new RecordingLog({ ...this.#fields, ...fields }, this.lines);
  }

  debug(event: LogEvent, fields: LogFields = {}): void {
    this.#write('debug', event, fields);
  }

  info(event: LogEvent, fields: LogFields = {}): void {
    this.#write('info', event, fields);
  }

  warn(event: LogEvent, fields: LogFields = {}): void {
    this.#write('warn', event, fields);
  }

  error(event: LogEvent, fields: LogFields = {}, error?: unknown): void {
    this.#write('error', event, fields, error === undefined ? {} : { error });
  }

  #write(level: string, event: LogEvent, fields: LogFields, error = {}): void {
    this.lines.push({ level, event, fields: { ...this.#fields, ...fields }, ...error });
  }
}

export class RecordingMetrics implements Metrics {
  readonly counts = new Map<CountMetric, number>();
  readonly gauges: [GaugeMetric, number][] = [];

  count(name: CountMetric, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  duration(): void {
    // Durations are read from a clock that stands still here: nothing to assert.
  }

  gauge(name: GaugeMetric, value: number): void {
    this.gauges.push([name, value]);
  }

  of(name: CountMetric): number {
    return this.counts.get(name) ?? 0;
  }
}
