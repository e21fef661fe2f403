import type { AlarmNotice, AlarmView } from '#local/cloudwatch/alarm-book.ts';
import { MINUTE_MS } from '#local/cloudwatch/metric-store.ts';
import type { LocalStack } from '#local/stack.ts';
import { isEcho, shortName } from './alarm-names.ts';

const LOOK_EVERY_MS = 50;

/** One alarm's way through a round, in game minutes since the round began. */
export interface AlarmStory {
  readonly alarm: string;
  readonly description: string;
  readonly firedAt: number | undefined;
  readonly recoveredAt: number | undefined;
  /** The severities whose topics were told; none where it is part of a composite that tells. */
  readonly told: readonly string[];
  /** When the first of them was told. */
  readonly toldAt: number | undefined;
}

/** Looks at the alarms of one round. */
export class Referee {
  readonly #stack: LocalStack;
  #beganMs: number;

  constructor(stack: LocalStack) {
    this.#stack = stack;
    this.#beganMs = stack.cloud.cloudWatch.pace.clock.now();
  }

  begin(): void {
    this.#beganMs = this.#stack.cloud.cloudWatch.pace.clock.now();
  }

  minutes(): number {
    return this.#minutesSince(this.#stack.cloud.cloudWatch.pace.clock.now());
  }

  async until(holds: () => boolean, minutes: number): Promise<boolean> {
    const { clock } = this.#stack.cloud.cloudWatch.pace;
    const deadlineMs = clock.now() + minutes * MINUTE_MS;
    while (!holds()) {
      if (clock.now() > deadlineMs) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return true;
  }

  /** One that was never measured, such as once a day, is not off. */
  areAllOk(): boolean {
    return this.off().length === 0;
  }

  off(): readonly string[] {
    return this.#alarms()
      .filter(({ state }) => state === 'ALARM')
      .map(({ name }) => shortName(name));
  }

  /** Went off since the round began, and told whoever it tells; or another incident told them in its place. */
  haveFired(wanted: readonly string[]): boolean {
    const stories = this.stories();
    return wanted.every((alarm) => {
      const story = stories.find((each) => each.alarm === alarm);
      const view = this.#alarms().find(({ name }) => shortName(name) === alarm);
      const isHeard = view?.topics.length === 0 || (story?.told.length ?? 0) > 0;
      return story !== undefined && (isHeard || this.#isExplained(alarm));
    });
  }

  stories(): readonly AlarmStory[] {
    const { changes } = this.#stack.cloud.cloudWatch.alarms;
    const since = changes.filter(({ atMs, alarm }) => atMs > this.#beganMs && !isEcho(alarm));
    const fired = [...new Set(since.filter(({ to }) => to === 'ALARM').map(({ alarm }) => alarm))];
    return fired.map((alarm) => {
      const own = since.filter((change) => change.alarm === alarm);
      const firedAt = own.find(({ to }) => to === 'ALARM')?.atMs;
      const last = own.at(-1);
      const notices = this.#noticesOf(alarm);
      return {
        alarm: shortName(alarm),
        description: this.#alarms().find(({ name }) => name === alarm)?.description ?? '',
        firedAt: firedAt === undefined ? undefined : this.#minutesSince(firedAt),
        recoveredAt: last?.to === 'OK' ? this.#minutesSince(last.atMs) : undefined,
        told: [...new Set(notices.flatMap(({ topics }) => topics).map(severityOf))],
        toldAt: notices[0] && this.#minutesSince(notices[0].atMs),
      };
    });
  }

  #isExplained(alarm: string): boolean {
    return this.#stack.cloud.cloudWatch.alarms.changes.some(
      ({ atMs, alarm: name, to }) =>
        atMs > this.#beganMs && to === 'ALARM' && shortName(name) === `${alarm}-explained`,
    );
  }

  #noticesOf(alarm: string): readonly AlarmNotice[] {
    return this.#stack.cloud.cloudWatch.alarms.notices.filter(
      (each) => each.alarm === alarm && each.state === 'ALARM' && each.atMs > this.#beganMs,
    );
  }

  #alarms(): readonly AlarmView[] {
    return this.#stack.cloud.cloudWatch.alarms.alarms.filter(({ name }) => !isEcho(name));
  }

  #minutesSince(atMs: number): number {
    return Math.round((atMs - this.#beganMs) / MINUTE_MS);
  }
}

/** The template names each topic after its severity. */
function severityOf(topicArn: string): string {
  const name = /Alarms(Critical|High|Medium|Low)/.exec(topicArn)?.[1];
  return name?.toLowerCase() ?? topicArn;
}
