import type { AlarmDefinition, CompositeAlarm, MetricAlarm } from './alarm-definition.ts';
import { type AlarmState, evaluationRange, nextState } from './alarm-state.ts';
import type { MetricStore } from './metric-store.ts';

/** An alarm as it stands. */
export interface AlarmView {
  readonly name: string;
  readonly description: string;
  readonly kind: AlarmDefinition['kind'];
  /** Told when it goes off. */
  readonly topics: readonly string[];
  readonly state: AlarmState;
  readonly sinceMs: number;
}

/** An alarm changed its state. */
export interface AlarmChange {
  readonly atMs: number;
  readonly alarm: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
}

/** Topics were told. */
export interface AlarmNotice {
  readonly atMs: number;
  readonly alarm: string;
  readonly state: AlarmState;
  readonly topics: readonly string[];
}

interface Entry<Definition extends AlarmDefinition = AlarmDefinition> {
  readonly definition: Definition;
  state: AlarmState;
  sinceMs: number;
  /** The state of which its topics were told last. */
  told: AlarmState;
  /** Since when a change waits to be told; undefined where none does. */
  waitingSinceMs: number | undefined;
}

/** As many changes and notices as a game day or a day of `npm start` makes. */
const MOST_KEPT = 10_000;

/** All alarms, brought up to date once a minute. */
export class AlarmBook {
  readonly #store: MetricStore;
  readonly #metric: readonly Entry<MetricAlarm>[];
  readonly #composite: readonly Entry<CompositeAlarm>[];
  readonly #byName = new Map<string, Entry>();
  #changes: readonly AlarmChange[] = [];
  #notices: readonly AlarmNotice[] = [];

  constructor(definitions: readonly AlarmDefinition[], store: MetricStore, nowMs: number) {
    this.#store = store;
    this.#metric = definitions
      .filter((each) => each.kind === 'metric')
      .map((definition) => begin(definition, nowMs));
    this.#composite = definitions
      .filter((each) => each.kind === 'composite')
      .map((definition) => begin(definition, nowMs));
    for (const entry of [...this.#metric, ...this.#composite]) {
      this.#byName.set(entry.definition.name, entry);
      this.#byName.set(entry.definition.arn, entry);
    }
  }

  get alarms(): readonly AlarmView[] {
    return [...this.#metric, ...this.#composite].map(({ definition, state, sinceMs }) => ({
      name: definition.name,
      description: definition.description,
      kind: definition.kind,
      topics: definition.actions.ALARM,
      state,
      sinceMs,
    }));
  }

  /** Oldest first. */
  get changes(): readonly AlarmChange[] {
    return this.#changes;
  }

  get notices(): readonly AlarmNotice[] {
    return this.#notices;
  }

  /** By its name or ARN; undefined where there is none. */
  stateOf(alarm: string): AlarmState | undefined {
    return this.#byName.get(alarm)?.state;
  }

  /** Looks at everything that was measured before a time, which is a whole minute. */
  evaluate(endMs: number): void {
    for (const entry of this.#metric) {
      const { query, terms } = entry.definition;
      const values = query.values(this.#store, endMs, evaluationRange(terms));
      this.#enter(entry, nextState(values, terms, entry.state), endMs);
    }
    // One may be made of others: after as many rounds as there are, the last has heard of the first.
    for (const _ of this.#composite) {
      for (const entry of this.#composite) {
        const isInAlarm = entry.definition.rule(
          (alarm) => this.stateOf(alarm) ?? 'INSUFFICIENT_DATA',
        );
        this.#enter(entry, isInAlarm ? 'ALARM' : 'OK', endMs);
      }
    }
    for (const entry of [...this.#metric, ...this.#composite]) this.#tell(entry, endMs);
  }

  #enter(entry: Entry, state: AlarmState, atMs: number): void {
    if (state === entry.state) return;
    const change = { atMs, alarm: entry.definition.name, from: entry.state, to: state };
    this.#changes = [...this.#changes, change].slice(-MOST_KEPT);
    entry.state = state;
    entry.sinceMs = atMs;
  }

  #tell(entry: Entry, atMs: number): void {
    if (entry.state === entry.told) {
      entry.waitingSinceMs = undefined;
      return;
    }
    entry.waitingSinceMs ??= atMs;
    if (this.#isSuppressed(entry, entry.waitingSinceMs, atMs)) return;
    entry.told = entry.state;
    entry.waitingSinceMs = undefined;
    const topics = entry.definition.actions[entry.state];
    if (topics.length === 0) return;
    const notice = { atMs, alarm: entry.definition.name, state: entry.state, topics };
    this.#notices = [...this.#notices, notice].slice(-MOST_KEPT);
  }

  /**
   * A change waits for the suppressor to go off, is kept back while it is off, and a while after.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
   */
  #isSuppressed({ definition }: Entry, waitingSinceMs: number, atMs: number): boolean {
    if (definition.kind !== 'composite' || !definition.suppressor) return false;
    const { alarm, waitMs, extensionMs } = definition.suppressor;
    const suppressor = this.#byName.get(alarm);
    if (!suppressor) return false;
    if (suppressor.state === 'ALARM') return true;
    const wasOff = this.#changes.findLast(
      (change) => change.alarm === suppressor.definition.name && change.from === 'ALARM',
    );
    if (wasOff && atMs - wasOff.atMs < extensionMs) return true;
    return (!wasOff || wasOff.atMs < waitingSinceMs) && atMs - waitingSinceMs < waitMs;
  }
}

function begin<Definition extends AlarmDefinition>(
  definition: Definition,
  nowMs: number,
): Entry<Definition> {
  return {
    definition,
    state: 'INSUFFICIENT_DATA',
    sinceMs: nowMs,
    told: 'INSUFFICIENT_DATA',
    waitingSinceMs: undefined,
  };
}
