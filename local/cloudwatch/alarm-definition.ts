import type { Properties } from '../cloud/properties.ts';
import { TemplateError } from '../cloud/template-error.ts';
import { type AlarmQuery, readQuery } from './alarm-query.ts';
import { type AlarmRule, AlarmRuleError, parseAlarmRule } from './alarm-rule.ts';
import { type AlarmTerms, MISSING_DATA } from './alarm-state.ts';

/** What every alarm has. */
interface AnyAlarm {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly actions: {
    readonly ALARM: readonly string[];
    readonly OK: readonly string[];
    readonly INSUFFICIENT_DATA: readonly string[];
  };
}

export interface MetricAlarm extends AnyAlarm {
  readonly kind: 'metric';
  readonly query: AlarmQuery;
  readonly terms: AlarmTerms;
}

export interface CompositeAlarm extends AnyAlarm {
  readonly kind: 'composite';
  readonly rule: AlarmRule;
  /** Names or ARNs of the alarms in its rule. */
  readonly members: readonly string[];
  /** While that alarm is in ALARM, this one tells nobody. */
  readonly suppressor:
    | { readonly alarm: string; readonly waitMs: number; readonly extensionMs: number }
    | undefined;
}

export type AlarmDefinition = MetricAlarm | CompositeAlarm;

interface Identity {
  readonly name: string;
  readonly arn: string;
}

const KNOWN_OF_ALL = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
];

const KNOWN_OF_METRIC = [
  ...KNOWN_OF_ALL,
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'MetricName',
  'Metrics',
  'Namespace',
  'Period',
  'Statistic',
  'Threshold',
  'TreatMissingData',
  'Unit',
];

/** @throws TemplateError for whatever would not be evaluated here as it is in the cloud */
export function readMetricAlarm(alarm: Properties, identity: Identity): MetricAlarm {
  alarm.allowOnly(KNOWN_OF_METRIC);
  const query = readQuery(alarm);
  const of = alarm.optionalNumber('EvaluationPeriods') ?? 1;
  return {
    ...anyAlarm(alarm, identity),
    kind: 'metric',
    query,
    terms: {
      isBreaching: comparison(alarm),
      of,
      bad: alarm.optionalNumber('DatapointsToAlarm') ?? of,
      // DynamoDB's metrics keep the state where they are silent, whatever the alarm asks for:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      missing: query.isSilentlyIgnored ? 'ignore' : missingData(alarm),
    },
  };
}

export function readCompositeAlarm(alarm: Properties, identity: Identity): CompositeAlarm {
  alarm.allowOnly([
    ...KNOWN_OF_ALL,
    'ActionsSuppressor',
    'ActionsSuppressorExtensionPeriod',
    'ActionsSuppressorWaitPeriod',
    'AlarmRule',
  ]);
  const suppressor = alarm.optionalText('ActionsSuppressor');
  const period = (name: string) => (alarm.optionalNumber(name) ?? 0) * 1000;
  const { rule, alarms } = ruleOf(alarm);
  return {
    ...anyAlarm(alarm, identity),
    kind: 'composite',
    rule,
    members: alarms,
    suppressor:
      suppressor === undefined
        ? undefined
        : {
            alarm: suppressor,
            waitMs: period('ActionsSuppressorWaitPeriod'),
            extensionMs: period('ActionsSuppressorExtensionPeriod'),
          },
  };
}

function anyAlarm(alarm: Properties, identity: Identity): AnyAlarm {
  const acts = alarm.optionalFlag('ActionsEnabled') ?? true;
  return {
    ...identity,
    logicalId: alarm.logicalId,
    description: alarm.optionalText('AlarmDescription') ?? '',
    actions: {
      ALARM: acts ? alarm.texts('AlarmActions') : [],
      OK: acts ? alarm.texts('OKActions') : [],
      INSUFFICIENT_DATA: acts ? alarm.texts('InsufficientDataActions') : [],
    },
  };
}

function ruleOf(alarm: Properties): ReturnType<typeof parseAlarmRule> {
  try {
    return parseAlarmRule(alarm.text('AlarmRule'));
  } catch (error) {
    if (!(error instanceof AlarmRuleError)) throw error;
    throw new TemplateError(alarm.logicalId, `its AlarmRule: ${error.message}`);
  }
}

function comparison(alarm: Properties): AlarmTerms['isBreaching'] {
  const threshold = alarm.optionalNumber('Threshold');
  if (threshold === undefined) throw new TemplateError(alarm.logicalId, 'it has no Threshold');
  const operator = alarm.text('ComparisonOperator');
  switch (operator) {
    case 'GreaterThanThreshold':
      return (value) => value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return (value) => value >= threshold;
    case 'LessThanThreshold':
      return (value) => value < threshold;
    case 'LessThanOrEqualToThreshold':
      return (value) => value <= threshold;
    default:
      throw new TemplateError(alarm.logicalId, `the comparison ${operator} is unknown here`);
  }
}

function missingData(alarm: Properties): AlarmTerms['missing'] {
  const text = alarm.optionalText('TreatMissingData') ?? 'missing';
  const missing = MISSING_DATA.find((each) => each === text);
  if (!missing) throw new TemplateError(alarm.logicalId, `TreatMissingData knows no ${text}`);
  return missing;
}
