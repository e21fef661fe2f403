import { type Limits, MOST_ERRORS, type Place, type Scenario, type Step } from './scenario.ts';

/** The metrics that the senders tell artillery. */
export const METRICS = {
  sent: 'webhooks.sent',
  /** Answered as they had to be. */
  right: 'webhooks.right',
  acknowledgement: 'acknowledgement',
} as const;

/** Meta gives up after about ten seconds and sends again; one machine may take longer than that. */
const TIMEOUT_SECONDS = { local: 60, deployed: 10 };

/** The scenario as artillery reads it: https://www.artillery.io/docs/reference/test-script */
export function scriptOf(scenario: Scenario, place: Place, hooks: string) {
  return {
    config: {
      http: { timeout: TIMEOUT_SECONDS[place] },
      processor: hooks,
      plugins: { ensure: {} },
      ensure: {
        thresholds: thresholdsOf(scenario.acknowledged[place]),
        conditions: [
          { expression: `${METRICS.sent} - ${METRICS.right} < ${MOST_ERRORS} * ${METRICS.sent}` },
        ],
      },
      phases: scenario.phases[place].map(({ name, seconds, senders }) => ({
        name,
        duration: seconds,
        arrivalCount: senders,
      })),
    },
    scenarios: scenario.senders.map(({ name, weight = 1, side = 'any', steps }) => ({
      name,
      weight,
      flow: steps.flatMap((step) => flowOf(step, side)),
    })),
  };
}

function thresholdsOf({ p50, p95, p99 }: Limits): readonly Readonly<Record<string, number>>[] {
  const { acknowledgement } = METRICS;
  return [
    { [`${acknowledgement}.median`]: p50 },
    { [`${acknowledgement}.p95`]: p95 },
    { [`${acknowledgement}.p99`]: p99 },
  ];
}

function flowOf(step: Step, side: string): readonly object[] {
  const pause = step.pauseSeconds === undefined ? [] : [{ think: step.pauseSeconds }];
  if (!('post' in step)) return pause;
  const { kind, messages, statuses } = step.post;
  const post = {
    url: '/webhook',
    beforeRequest: 'fillIn',
    afterResponse: 'writeDown',
    // Not artillery's: handed on to the hooks as it is.
    webhook: { kind, messages, statuses, side },
  };
  const steps = [{ post }, ...pause];
  return step.times === undefined ? steps : [{ loop: steps, count: step.times }];
}
