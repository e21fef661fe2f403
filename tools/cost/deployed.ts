import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import { resourcesOf, type TemplateResource } from '../documents/template.ts';
import { backupsOf } from './deployed-backups.ts';
import { FunctionFinder } from './function-finder.ts';
import { demandKnownCosts } from './resource-costs.ts';
import { DAYS_A_MONTH } from './traffic.ts';

/** A function as it is deployed, by its folder under lambdas/. */
interface DeployedFunction {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number | undefined;
}

/** What of a stage's templates the bill depends on. */
export interface Deployed {
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  /** Metrics that alarms look at, by how closely. */
  readonly alarmMetrics: number;
  readonly fastAlarmMetrics: number;
  readonly compositeAlarms: number;
  readonly dashboards: number;
  readonly keys: number;
  readonly secrets: number;
  /** What a clock fires, and how often in a month. */
  readonly schedules: readonly { readonly folder: string; readonly runs: number }[];
  /** Queues that Lambda polls. */
  readonly polled: readonly {
    readonly folder: string;
    readonly isFifo: boolean;
    readonly maxConcurrency: number | undefined;
    readonly batchSize: number;
    /** How long Lambda waits for more before it invokes with what it has. */
    readonly windowSeconds: number;
  }[];
  /** The longest that a log group keeps what it has. */
  readonly logDays: number;
  /** What the webhook's API writes for a request, about. */
  readonly accessLogBytes: number;
  readonly requestsPerSecond: number;
  /** So many requests at once, if few came before. */
  readonly requestsAtOnce: number;
  /** Regions that have the tables. */
  readonly replicas: number;
  /** True when every table can be put back to any second. */
  readonly pointInTimeRecovery: boolean;
  readonly backups: ReturnType<typeof backupsOf>;
}

const MINUTES_A_MONTH = DAYS_A_MONTH * 24 * 60;
/** An alarm that looks more closely than a minute costs more. */
const FAST_SECONDS = 60;

/** Reads both templates of a stage. @throws UnknownCostError */
export function deployedFrom(templates: readonly JsonObject[]): Deployed {
  const resources = resourcesOf(templates);
  demandKnownCosts(resources.map(({ type }) => type));
  const of = (type: string) => resources.filter((each) => each.type === type);
  const finder = new FunctionFinder(resources);
  const alarms = of('AWS::CloudWatch::Alarm').map(alarmOf);
  const tables = [...of('AWS::DynamoDB::Table'), ...of('AWS::DynamoDB::GlobalTable')];
  const stage = of('AWS::ApiGatewayV2::Stage')[0]?.properties ?? {};
  return {
    functions: new Map(of('AWS::Lambda::Function').map((each) => functionOf(each, finder))),
    alarmMetrics: sum(alarms.filter(({ isFast }) => !isFast).map(({ metrics }) => metrics)),
    fastAlarmMetrics: sum(alarms.filter(({ isFast }) => isFast).map(({ metrics }) => metrics)),
    compositeAlarms: of('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    keys: of('AWS::KMS::Key').length,
    secrets: of('AWS::SecretsManager::Secret').length,
    schedules: of('AWS::Events::Rule').flatMap(({ properties }) => schedulesOf(properties, finder)),
    polled: of('AWS::Lambda::EventSourceMapping').map(({ properties }) =>
      polledBy(properties, resources, finder),
    ),
    logDays: Math.max(
      ...of('AWS::Logs::LogGroup').map(
        ({ properties }) => numberAt(properties, 'RetentionInDays') ?? 0,
      ),
    ),
    accessLogBytes: (textAt(objectAt(stage, 'AccessLogSettings') ?? {}, 'Format') ?? '').length,
    requestsPerSecond: throttleOf(resources, 'ThrottlingRateLimit'),
    requestsAtOnce: throttleOf(resources, 'ThrottlingBurstLimit'),
    replicas: Math.max(1, ...tables.map(({ properties }) => listAt(properties, 'Replicas').length)),
    pointInTimeRecovery: tables.every(({ properties }) =>
      JSON.stringify(properties).includes('"PointInTimeRecoveryEnabled":true'),
    ),
    backups: backupsOf(resources),
  };
}

function functionOf(
  { logicalId, properties }: TemplateResource,
  finder: FunctionFinder,
): readonly [string, DeployedFunction] {
  return [
    finder.folderOf(logicalId),
    {
      memoryMb: numberAt(properties, 'MemorySize') ?? 128,
      timeoutSeconds: numberAt(properties, 'Timeout') ?? 3,
      reservedConcurrency: numberAt(properties, 'ReservedConcurrentExecutions'),
    },
  ];
}

function throttleOf(resources: readonly TemplateResource[], setting: string): number {
  const stages = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Stage');
  return Math.max(
    ...stages.map(
      ({ properties }) =>
        numberAt(objectAt(properties, 'DefaultRouteSettings') ?? {}, setting) ?? 0,
    ),
  );
}

/** An alarm over metric math is billed for each metric that it looks at. */
function alarmOf({ properties }: TemplateResource) {
  const stats = listAt(properties, 'Metrics')
    .filter(isObject)
    .map((each) => objectAt(each, 'MetricStat'))
    .filter((each) => each !== undefined);
  const periods = [properties, ...stats].map((each) => numberAt(each, 'Period') ?? FAST_SECONDS);
  return { metrics: Math.max(1, stats.length), isFast: Math.min(...periods) < FAST_SECONDS };
}

function schedulesOf(rule: JsonObject, finder: FunctionFinder) {
  const expression = textAt(rule, 'ScheduleExpression');
  if (expression === undefined) return [];
  return listAt(rule, 'Targets')
    .filter(isObject)
    .map((target) => ({ folder: finder.folderIn(target['Arn']), runs: runsOf(expression) }));
}

/** How often in a month: every so often, or once a day for what has a time of day. */
function runsOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = { minute: 1, hour: 60, day: 1_440 };
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day') return DAYS_A_MONTH;
  return MINUTES_A_MONTH / (Number(count) * minutes[unit]);
}

function polledBy(
  mapping: JsonObject,
  resources: readonly TemplateResource[],
  finder: FunctionFinder,
) {
  const queue = resources.find(({ logicalId }) =>
    JSON.stringify(mapping['EventSourceArn']).includes(`"${logicalId}"`),
  );
  return {
    folder: finder.folderIn(mapping['FunctionName']),
    isFifo: queue?.properties['FifoQueue'] === true,
    maxConcurrency: numberAt(objectAt(mapping, 'ScalingConfig') ?? {}, 'MaximumConcurrency'),
    batchSize: numberAt(mapping, 'BatchSize') ?? 10,
    windowSeconds: numberAt(mapping, 'MaximumBatchingWindowInSeconds') ?? 0,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
