import { randomUUID } from 'node:crypto';
import type { ModelClock } from '../clock.ts';
import { TemplateError } from '../cloud/template-error.ts';

/** A rule that fires again and again. */
export interface RateRule {
  readonly logicalId: string;
  readonly arn: string;
  /** For example `rate(1 minute)`. */
  readonly expression: string;
  readonly account: string;
  readonly region: string;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** @throws TemplateError for what is not a rate, such as a cron expression */
function rateMs({ expression, logicalId }: RateRule): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined || Number(count) < 1) {
    throw new TemplateError(
      logicalId,
      `the schedule ${expression} is unknown to the local cloud; use rate(<n> minutes|hours|days)`,
    );
  }
  return Number(count) * unitMs;
}

/** Fires the event of each period, first one period from now; returns how to stop it. */
export function startRate(
  rule: RateRule,
  clock: ModelClock,
  fire: (payload: string) => void,
): () => void {
  const periodMs = rateMs(rule);
  let cancel = plan(clock.now() + periodMs);
  function plan(atMs: number): () => void {
    return clock.schedule(atMs, () => {
      cancel = plan(atMs + periodMs);
      fire(JSON.stringify(scheduledEvent(rule, atMs)));
    });
  }
  return () => cancel();
}

/** As EventBridge sends it: https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html */
function scheduledEvent(rule: RateRule, atMs: number): Readonly<Record<string, unknown>> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: rule.account,
    time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    region: rule.region,
    resources: [rule.arn],
    detail: {},
  };
}
