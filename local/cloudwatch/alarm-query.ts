import type { Properties } from '../cloud/properties.ts';
import { TemplateError } from '../cloud/template-error.ts';
import { type MetricExpression, parseExpression } from './metric-expression.ts';
import { type MathValue, MetricMathError, type Series } from './metric-functions.ts';
import type { MetricIdentity } from './metric-point.ts';
import { type MetricStore, MINUTE_MS } from './metric-store.ts';
import { type Statistic, statisticOf } from './statistic.ts';

/** What an alarm watches. */
export interface AlarmQuery {
  readonly periodMs: number;
  /** True where missing data never change the state, whatever the alarm says. */
  readonly isSilentlyIgnored: boolean;
  /** In words, for people. */
  readonly words: string;
  /** One value a period, of so many periods up to a time, oldest first. */
  values(store: Pick<MetricStore, 'values'>, endMs: number, periods: number): Series;
}

type Member =
  | { readonly kind: 'metric'; readonly metric: MetricIdentity; readonly statistic: Statistic }
  | { readonly kind: 'expression'; readonly expression: MetricExpression };

/** @throws TemplateError */
export function readQuery(alarm: Properties): AlarmQuery {
  const members = alarm.objects('Metrics');
  return members.length > 0 ? readMath(alarm, members) : readSingle(alarm);
}

function readSingle(alarm: Properties): AlarmQuery {
  const metric = identityOf(alarm);
  const name = alarm.optionalText('ExtendedStatistic') ?? alarm.optionalText('Statistic') ?? '';
  const statistic = statisticIn(alarm, name);
  const periodMs = periodIn(alarm, alarm.optionalNumber('Period'));
  return {
    periodMs,
    isSilentlyIgnored: metric.namespace === 'AWS/DynamoDB',
    words: `${name} of ${metric.name}`,
    values: (store, endMs, periods) =>
      seriesOf(store, { metric, statistic, periodMs, endMs, periods }),
  };
}

function readMath(alarm: Properties, given: readonly Properties[]): AlarmQuery {
  const members = new Map(given.map((each) => [each.text('Id'), readMember(each)]));
  const returned = given.filter((each) => each.optionalFlag('ReturnData') ?? true);
  const [id, ...others] = returned.map((each) => each.text('Id'));
  if (id === undefined || others.length > 0) {
    throw new TemplateError(alarm.logicalId, 'exactly one of its Metrics must return data');
  }
  const periods = new Set(given.map(periodOfMember).filter((each) => each !== undefined));
  const [seconds, ...more] = [...periods];
  if (more.length > 0) {
    throw new TemplateError(alarm.logicalId, 'the local cloud wants one period for all Metrics');
  }
  const periodMs = periodIn(alarm, seconds);
  const query: AlarmQuery = {
    periodMs,
    isSilentlyIgnored: false,
    words: given.find((each) => each.text('Id') === id)?.optionalText('Expression') ?? id,
    values: (store, endMs, count) => {
      const span = { periodMs, endMs, periods: count };
      const value = evaluate(members, id, (member) => seriesOf(store, { ...member, ...span }));
      if (Array.isArray(value)) return value;
      throw new MetricMathError('an alarm needs one value a period');
    },
  };
  tryOut(alarm, query);
  return query;
}

/** What cannot be carried out is found when the template comes up, and not in the first minute. */
function tryOut(alarm: Properties, { values }: AlarmQuery): void {
  const ones: Pick<MetricStore, 'values'> = { values: () => [1] };
  try {
    values(ones, 0, 3);
  } catch (error) {
    if (!(error instanceof MetricMathError)) throw error;
    throw new TemplateError(alarm.logicalId, `its metric math: ${error.message}`);
  }
}

function readMember(member: Properties): Member {
  member.allowOnly([
    'AccountId',
    'Expression',
    'Id',
    'Label',
    'MetricStat',
    'Period',
    'ReturnData',
  ]);
  const expression = member.optionalText('Expression');
  if (expression !== undefined) {
    try {
      return { kind: 'expression', expression: parseExpression(expression) };
    } catch (error) {
      if (!(error instanceof MetricMathError)) throw error;
      throw new TemplateError(member.logicalId, `its metric math: ${error.message}`);
    }
  }
  const stat = member.object('MetricStat');
  stat.allowOnly(['Metric', 'Period', 'Stat', 'Unit']);
  return {
    kind: 'metric',
    metric: identityOf(stat.object('Metric')),
    statistic: statisticIn(member, stat.text('Stat')),
  };
}

function periodOfMember(member: Properties): number | undefined {
  return (
    member.optionalNumber('Period') ?? member.optionalObject('MetricStat')?.optionalNumber('Period')
  );
}

function evaluate(
  members: ReadonlyMap<string, Member>,
  id: string,
  seriesOfMetric: (member: Extract<Member, { kind: 'metric' }>) => Series,
  asking: readonly string[] = [],
): MathValue {
  const member = members.get(id);
  if (!member) throw new MetricMathError(`there is no metric ${id}`);
  if (asking.includes(id)) throw new MetricMathError(`${id} is made of itself`);
  if (member.kind === 'metric') return seriesOfMetric(member);
  return member.expression((other) => evaluate(members, other, seriesOfMetric, [...asking, id]));
}

interface Wanted {
  readonly metric: MetricIdentity;
  readonly statistic: Statistic;
  readonly periodMs: number;
  readonly endMs: number;
  readonly periods: number;
}

function seriesOf(
  store: Pick<MetricStore, 'values'>,
  { metric, statistic, periodMs, endMs, periods }: Wanted,
): Series {
  return Array.from({ length: periods }, (_, at) => {
    const fromMs = endMs - (periods - at) * periodMs;
    const values = store.values(metric, fromMs, fromMs + periodMs);
    return values.length === 0 ? undefined : statistic(values);
  });
}

function identityOf(properties: Properties): MetricIdentity {
  const dimensions = properties
    .objects('Dimensions')
    .map((each) => [each.text('Name'), each.text('Value')] as const);
  return {
    namespace: properties.text('Namespace'),
    name: properties.text('MetricName'),
    dimensions: Object.fromEntries(dimensions),
  };
}

function statisticIn({ logicalId }: Properties, name: string): Statistic {
  const statistic = statisticOf(name);
  if (statistic) return statistic;
  throw new TemplateError(logicalId, `the statistic ${name} is unknown to the local cloud`);
}

function periodIn({ logicalId }: Properties, seconds: number | undefined): number {
  const ms = (seconds ?? 0) * 1000;
  if (ms > 0 && ms % MINUTE_MS === 0) return ms;
  throw new TemplateError(logicalId, 'the local cloud knows periods of whole minutes');
}
