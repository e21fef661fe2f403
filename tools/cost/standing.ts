import { billOf, type Line } from './bill.ts';
import { timeOf } from './function-time.ts';
import { DAYS_A_MONTH, messagesOf } from './traffic.ts';
import { type Scene, usageOf } from './usage.ts';

/** Lambda looks into a queue with five calls at a time, each of which waits for 20 seconds. */
const POLLS_A_MONTH = 5 * ((DAYS_A_MONTH * 86_400) / 20);
/** A function reads a secret again after five minutes. */
const SECRET_WINDOWS = (DAYS_A_MONTH * 24 * 60) / 5;

/** What a month costs however little is said. */
export function standingOf(scene: Scene): readonly Line[] {
  const { deployed } = scene;
  const watching = 'alarms and dashboards';
  return [
    { part: watching, unit: 'alarmMetricMonth', quantity: deployed.alarmMetrics },
    { part: watching, unit: 'fastAlarmMetricMonth', quantity: deployed.fastAlarmMetrics },
    { part: watching, unit: 'compositeAlarmMonth', quantity: deployed.compositeAlarms },
    { part: watching, unit: 'dashboardMonth', quantity: deployed.dashboards },
    { part: 'metrics of our own', unit: 'metricMonth', quantity: scene.measured.metrics.length },
    { part: 'keys', unit: 'keyMonth', quantity: deployed.keys },
    { part: "the stage's secrets", unit: 'secretMonth', quantity: deployed.secrets },
    ...deployed.polled.map(({ isFifo }): Line => {
      const unit = isFifo ? 'sqsFifoRequest' : 'sqsRequest';
      return { part: 'looking into empty queues', unit, quantity: POLLS_A_MONTH };
    }),
    ...deployed.schedules.flatMap(({ folder, runs }) => scheduledLines(folder, runs, scene)),
  ];
}

/** A function that a clock starts; the canary's run is a message like any other. */
function scheduledLines(folder: string, runs: number, scene: Scene): readonly Line[] {
  const { deployed, measured } = scene;
  const part = `${folder}, by the clock`;
  const { gb, seconds } = timeOf(folder, deployed, measured);
  const use = measured.functions[folder];
  const share = use && use.invocations > 0 ? runs / use.invocations : 0;
  return [
    { part, unit: 'lambdaRequest', quantity: runs },
    { part, unit: 'lambdaGbSecond', quantity: runs * gb * seconds },
    { part, unit: 'dynamoReadUnit', quantity: (use?.readUnits ?? 0) * share },
    { part, unit: 'functionLogGb', quantity: ((use?.logBytes ?? 0) * share) / 1_024 ** 3 },
    ...(folder === 'canary' ? checkLines(part, runs, scene) : []),
  ];
}

/** The message that a canary sends, and that it waits for the answer. */
function checkLines(part: string, runs: number, scene: Scene): readonly Line[] {
  const { gb } = timeOf('canary', scene.deployed, scene.measured);
  const quantity = runs * gb * scene.traffic.modelSeconds;
  const messages = usageOf(scene, runs).map((line) => ({ ...line, part }));
  return [...messages, { part, unit: 'lambdaGbSecond', quantity }];
}

/** What tenants' secrets cost, by where they lie. */
export function secretLines(scene: Scene): Readonly<Record<'managed' | 'sealed', readonly Line[]>> {
  const { tenants } = scene.traffic;
  // Each environment reads a secret once in five minutes, and never more often than it is used.
  const environments = scene.deployed.functions.get('processor')?.reservedConcurrency ?? 1;
  const reads = Math.min(messagesOf(scene.traffic), tenants * environments * SECRET_WINDOWS);
  return {
    managed: [
      { part: 'tenants’ secrets', unit: 'secretMonth', quantity: tenants },
      { part: 'tenants’ secrets', unit: 'secretRead', quantity: reads },
    ],
    // The key is there in every stage, and counted among its keys.
    sealed: [
      { part: 'tenants’ secrets', unit: 'keyUse', quantity: reads },
      { part: 'tenants’ secrets', unit: 'dynamoReadUnit', quantity: reads },
    ],
  };
}

/** What the vault itself costs in a month, without a read. */
export function vaultDollars(tenants: number): {
  readonly managed: number;
  readonly sealed: number;
} {
  return {
    managed: billOf([{ part: 'secrets', unit: 'secretMonth', quantity: tenants }]).dollars,
    sealed: billOf([{ part: 'key', unit: 'keyMonth', quantity: 1 }]).dollars,
  };
}
