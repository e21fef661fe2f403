import { OperatorError } from '../operator/operator-error.ts';

/** Everything that a table has besides its items, in words that can be compared; undefined where it has none. */
export interface TableSettings {
  readonly keys: unknown;
  readonly attributes: unknown;
  readonly indexes: unknown;
  readonly billing: string;
  readonly encryption: string | undefined;
  readonly timeToLive: string | undefined;
  readonly recoveryDays: number | undefined;
  readonly deletionProtection: boolean;
  readonly tableClass: string;
  readonly stream: string | undefined;
  readonly insights: boolean;
  readonly policy: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export type SettingName = keyof TableSettings;

/** Properties of a template's table. */
export type TableProperties = Readonly<Record<string, unknown>>;

/** The properties of a table that `wantedSettings` reads: what else a template says would be lost unseen. */
const READ: readonly string[] = [
  'AttributeDefinitions',
  'BillingMode',
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'PointInTimeRecoverySpecification',
  'ResourcePolicy',
  'SSESpecification',
  'StreamSpecification',
  'TableClass',
  'Tags',
  'TimeToLiveSpecification',
];

/**
 * What the template wants of the table.
 * @param keyArn the ARN of the key that the template names
 * @throws OperatorError for a property that nobody would put back
 */
export function wantedSettings(properties: TableProperties, keyArn: string): TableSettings {
  const unknown = Object.keys(properties).find((name) => !READ.includes(name));
  if (unknown !== undefined) {
    throw new OperatorError(
      `The template sets ${unknown} on its tables, which a restore would lose: teach it to bin/restore/table-settings.ts.`,
    );
  }
  const timeToLive = at(properties, 'TimeToLiveSpecification');
  const recovery = at(properties, 'PointInTimeRecoverySpecification');
  const policy = at(at(properties, 'ResourcePolicy'), 'PolicyDocument');
  return {
    keys: at(properties, 'KeySchema'),
    attributes: sorted(at(properties, 'AttributeDefinitions'), 'AttributeName'),
    indexes: indexes(at(properties, 'GlobalSecondaryIndexes')),
    billing: text(at(properties, 'BillingMode')) ?? 'PROVISIONED',
    encryption: at(at(properties, 'SSESpecification'), 'SSEEnabled') ? keyArn : undefined,
    timeToLive: at(timeToLive, 'Enabled') ? text(at(timeToLive, 'AttributeName')) : undefined,
    recoveryDays: at(recovery, 'PointInTimeRecoveryEnabled')
      ? Number(at(recovery, 'RecoveryPeriodInDays') ?? 35)
      : undefined,
    deletionProtection: at(properties, 'DeletionProtectionEnabled') === true,
    tableClass: text(at(properties, 'TableClass')) ?? 'STANDARD',
    stream: text(at(at(properties, 'StreamSpecification'), 'StreamViewType')),
    insights: at(at(properties, 'ContributorInsightsSpecification'), 'Enabled') === true,
    policy: policy === undefined ? undefined : JSON.stringify(policy),
    tags: tags(at(properties, 'Tags')),
  };
}

/** Which settings differ. Of tags only the wanted ones count: others may have put theirs. */
export function differences(wanted: TableSettings, actual: TableSettings): readonly SettingName[] {
  const ours = Object.fromEntries(
    Object.entries(actual.tags).filter(([name]) => name in wanted.tags),
  );
  const compared: TableSettings = { ...actual, tags: ours };
  return settingNames(wanted).filter(
    (name) => canonical(wanted[name]) !== canonical(compared[name]),
  );
}

function settingNames(settings: TableSettings): readonly SettingName[] {
  const isSetting = (name: string): name is SettingName => name in settings;
  return Object.keys(settings).filter(isSetting);
}

/** Indexes in one order, with what names and projects them and nothing of how they are doing. */
export function indexes(list: unknown): unknown {
  if (!Array.isArray(list)) return [];
  const told = list.map((index) => ({
    name: at(index, 'IndexName'),
    keys: at(index, 'KeySchema'),
    projection: at(at(index, 'Projection'), 'ProjectionType'),
    attributes: [at(at(index, 'Projection'), 'NonKeyAttributes') ?? []].flat().toSorted(),
  }));
  return sorted(told, 'name');
}

export function sorted(list: unknown, by: string): unknown {
  if (!Array.isArray(list)) return [];
  return list.toSorted((one, other) => (String(at(one, by)) < String(at(other, by)) ? -1 : 1));
}

export function tags(list: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(list)) return {};
  const pairs = list.map((tag) => [String(at(tag, 'Key')), String(at(tag, 'Value'))] as const);
  // AWS's own cannot be set by anybody.
  return Object.fromEntries(pairs.filter(([name]) => !name.startsWith('aws:')));
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As JSON, with the members of every object in one order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_name, each: unknown) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? Object.fromEntries(
            Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)),
          )
        : each,
    ) ?? ''
  );
}
