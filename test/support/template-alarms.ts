import type { StageTemplates } from './template.ts';
import { inWords } from './template-text.ts';

/** An alarm of a stage, composite or not, as a person would write it down. */
export interface StageAlarm {
  /** Without the stack's name before it. */
  readonly name: string;
  readonly fullName: string;
  readonly logicalId: string;
  readonly kind: 'metric' | 'composite';
  /** Of both: description, severity and runbook as they stand in its text. */
  readonly text: string;
  readonly severity: string;
  readonly runbook: string;
  /** Topics that hear of it. */
  readonly tells: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: the template's properties, as assertions see them
  readonly properties: any;
}

/** One metric that an alarm looks at. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  /** The values of its dimensions, in words. */
  readonly of: readonly string[];
  readonly statistic: string;
  readonly period: number;
}

/** Every alarm of both stacks. */
export function alarmsOf(templates: StageTemplates): readonly StageAlarm[] {
  return (['stateful', 'service'] as const).flatMap((stack) => [
    ...read(templates, stack, 'AWS::CloudWatch::Alarm'),
    ...read(templates, stack, 'AWS::CloudWatch::CompositeAlarm'),
  ]);
}

export function alarmNamed(alarms: readonly StageAlarm[], name: string): StageAlarm {
  const alarm = alarms.find((each) => each.name === name);
  if (!alarm) throw new Error(`There is no alarm ${name}`);
  return alarm;
}

function read(
  templates: StageTemplates,
  stack: 'stateful' | 'service',
  type: 'AWS::CloudWatch::Alarm' | 'AWS::CloudWatch::CompositeAlarm',
): readonly StageAlarm[] {
  return Object.entries(templates[stack].findResources(type)).map(([logicalId, resource]) => {
    const properties = resource['Properties'];
    const { AlarmName: fullName, AlarmDescription: text, AlarmActions: actions = [] } = properties;
    const told = /^(.+) Severity: ([a-z]+)\. Runbook: docs\/runbooks\/([a-z0-9-]+)\.md$/.exec(text);
    return {
      name: fullName.replace(/^concierge-[a-z]+-(?:stateful|service)-/, ''),
      fullName,
      logicalId,
      kind: type === 'AWS::CloudWatch::Alarm' ? 'metric' : 'composite',
      text,
      severity: told?.[2] ?? '',
      runbook: told?.[3] ?? '',
      tells: actions.map((action: unknown) => inWords(templates, action)),
      properties,
    };
  });
}

/** What an alarm looks at, the terms of its metric math included. */
export function metricsOf(
  templates: StageTemplates,
  { properties }: StageAlarm,
): readonly WatchedMetric[] {
  const { Metrics: terms } = properties;
  if (!terms) {
    const { Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period } = properties;
    const metric = { Namespace, MetricName, Dimensions };
    const how = { statistic: Statistic ?? ExtendedStatistic, period: Period };
    return [watched(templates, metric, how)];
  }
  return terms.flatMap(({ MetricStat: stat }: { MetricStat?: Stat }) =>
    stat ? [watched(templates, stat.Metric, { statistic: stat.Stat, period: stat.Period })] : [],
  );
}

/** The formula of an alarm on metric math. */
export function expressionOf({ properties }: StageAlarm): string | undefined {
  return properties.Metrics?.find(({ Expression }: { Expression?: string }) => Expression)
    ?.Expression;
}

interface Stat {
  readonly Metric: Metric;
  readonly Stat: string;
  readonly Period: number;
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

function watched(
  templates: StageTemplates,
  { Namespace: namespace, MetricName: name, Dimensions: dimensions }: Metric,
  how: Pick<WatchedMetric, 'statistic' | 'period'>,
): WatchedMetric {
  return { namespace, name, of: dimensions.map(({ Value }) => inWords(templates, Value)), ...how };
}

/** The names in a composite alarm's rule: what sets it off, and what keeps it silent. */
export function ruleOf({ properties }: StageAlarm): {
  readonly members: readonly string[];
  readonly unless: readonly string[];
} {
  const [members = '', unless = ''] = String(properties.AlarmRule).split(' AND NOT ');
  return { members: namesIn(members), unless: namesIn(unless) };
}

function namesIn(rule: string): readonly string[] {
  return [...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = '']) => name);
}
