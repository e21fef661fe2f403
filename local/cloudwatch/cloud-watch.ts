import type { InvocationEvent } from '../lambda/invocation.ts';
import { AlarmBook } from './alarm-book.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { MetricStore, MINUTE_MS, minuteOf } from './metric-store.ts';
import type { Pace } from './pace.ts';
import {
  type AnsweredRequest,
  apiMetrics,
  concurrency,
  lambdaMetrics,
  type Measured,
  type MeasuredFunction,
  type RefusedTableRequest,
  tableMetrics,
} from './platform-metrics.ts';
import type { EmfLine } from './read-emf.ts';

/** Of the functions' own metrics those that tell how long something waits, in whatever unit. */
const WAITING: readonly string[] = ['OldestUnfinishedAge'];

/** A minute is looked at when it has been over for a while, so that the last of it has come in. */
const SETTLED_AFTER_MS = 15_000;

/** CloudWatch of the local cloud: keeps what is measured, and every minute looks at the alarms. */
export class CloudWatch {
  readonly store = new MetricStore();
  readonly pace: Pace;
  #book: AlarmBook;
  readonly #running = new Map<
    string,
    { readonly named: MeasuredFunction; readonly count: number }
  >();

  constructor(pace: Pace) {
    this.pace = pace;
    this.#book = new AlarmBook([], this.store, pace.clock.now());
  }

  get alarms(): AlarmBook {
    return this.#book;
  }

  /** Measured now. */
  measure(...measured: readonly Measured[]): void {
    const atMs = this.pace.clock.now();
    this.store.add(measured.map((each) => ({ ...each, atMs })));
  }

  hearEmf({ timestampMs, metrics, errors }: EmfLine, logGroup: string): void {
    const atMs = this.pace.timeOf(timestampMs);
    const points = metrics.flatMap(({ values, ...metric }) => {
      const factor = WAITING.includes(metric.name) ? this.pace.speed : 1;
      return values.map((value) => ({ ...metric, atMs, value: value * factor }));
    });
    this.store.add(points);
    if (errors.length === 0) return;
    this.measure({
      namespace: 'AWS/Logs',
      name: 'EMFValidationErrors',
      dimensions: { LogGroupName: logGroup },
      value: errors.length,
    });
  }

  hearInvocation(event: InvocationEvent, named: MeasuredFunction): void {
    const { functionName, kind } = event;
    const change = kind === 'started' ? 1 : kind === 'finished' ? -1 : 0;
    const count = (this.#running.get(functionName)?.count ?? 0) + change;
    this.#running.set(functionName, { named, count });
    this.measure(...lambdaMetrics(event, named, count));
  }

  hearRequest(request: AnsweredRequest): void {
    this.measure(...apiMetrics(request));
  }

  hearTableRefusal(refused: RefusedTableRequest): void {
    this.measure(...tableMetrics(refused));
  }

  /**
   * Looks at the alarms every minute, and measures what is measured by the clock.
   * @returns how to stop it
   */
  watch(alarms: readonly AlarmDefinition[], sample: () => readonly Measured[]): () => void {
    const { clock } = this.pace;
    this.#book = new AlarmBook(alarms, this.store, clock.now());
    let cancel = plan(minuteOf(clock.now()) + MINUTE_MS);
    const lookAt = (minuteMs: number) => {
      this.measure(...sample(), ...this.#stillRunning());
      this.#book.evaluate(minuteMs);
    };
    function plan(minuteMs: number): () => void {
      return clock.schedule(minuteMs + SETTLED_AFTER_MS, () => {
        lookAt(minuteMs);
        // After a pause of the machine the minutes that were slept through are left out.
        cancel = plan(Math.max(minuteMs, minuteOf(clock.now()) - MINUTE_MS) + MINUTE_MS);
      });
    }
    return () => cancel();
  }

  /** Also in a minute in which nothing begins. */
  #stillRunning(): readonly Measured[] {
    return [...this.#running.values()]
      .filter(({ count }) => count > 0)
      .flatMap(({ named, count }) => concurrency(named, count));
  }
}
