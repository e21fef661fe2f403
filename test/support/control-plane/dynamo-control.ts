import { awsError } from './aws-error.ts';

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of many commands, as the SDK has them
type Any = any;

export interface ModelTable {
  /** As DescribeTable gives it. */
  description: Any;
  timeToLive: { TimeToLiveStatus: string; AttributeName?: string };
  recovery: Any;
  tags: { Key: string; Value: string }[];
  insights: string;
  items: readonly Any[];
  /** How long until the table is active again. */
  busyTicks: number;
  /** DynamoDB switches the backups of a new table on by itself; before that they cannot be changed. */
  ticksUntilBackups: number;
}

/** Tables and what is done to them. One tick is what somebody waits between two looks. */
export class DynamoControl {
  readonly tables = new Map<string, ModelTable>();
  readonly backups = new Map<string, { readonly table: string; readonly at: Date }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  tick(): void {
    for (const table of this.tables.values()) {
      table.ticksUntilBackups = Math.max(0, table.ticksUntilBackups - 1);
      table.busyTicks = Math.max(0, table.busyTicks - 1);
      if (table.busyTicks > 0) continue;
      table.description.TableStatus = 'ACTIVE';
      for (const index of table.description.GlobalSecondaryIndexes ?? []) {
        index.IndexStatus = 'ACTIVE';
      }
      if (table.description.RestoreSummary) {
        table.description.RestoreSummary.RestoreInProgress = false;
      }
    }
  }

  /** A table with every setting on. */
  put(name: string, properties: Any, more: Partial<ModelTable> = {}): void {
    this.tables.set(name, {
      description: {
        TableName: name,
        TableArn: arnOf(name),
        TableStatus: 'ACTIVE',
        KeySchema: properties.KeySchema,
        AttributeDefinitions: properties.AttributeDefinitions,
        GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map((index: Any) => ({
          ...index,
          IndexStatus: 'ACTIVE',
        })),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        DeletionProtectionEnabled: true,
        ItemCount: 2,
      },
      timeToLive: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
      recovery: {
        PointInTimeRecoveryStatus: 'ENABLED',
        RecoveryPeriodInDays: 35,
        EarliestRestorableDateTime: new Date('2026-10-22T00:00:00Z'),
        LatestRestorableDateTime: new Date(this.#now() - 300_000),
      },
      tags: [],
      insights: 'DISABLED',
      items: [],
      busyTicks: 0,
      ticksUntilBackups: 0,
      ...more,
    });
  }

  /** What a restore makes: items, keys and indexes of the source, and none of its other settings. */
  restored(source: string, name: string, more: Any): void {
    if (this.tables.has(name)) throw awsError('TableAlreadyExistsException');
    const from = this.#table(source, 'SourceTableNotFoundException');
    this.put(name, from.description, {
      timeToLive: { TimeToLiveStatus: 'DISABLED' },
      recovery: { PointInTimeRecoveryStatus: 'DISABLED' },
      items: from.items,
      busyTicks: 8,
      ticksUntilBackups: 10,
    });
    const { description } = this.#table(name);
    Object.assign(description, {
      TableStatus: 'CREATING',
      DeletionProtectionEnabled: false,
      ItemCount: 0,
      ...more,
    });
    for (const index of description.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'CREATING';
  }

  DescribeTable({ TableName }: Any) {
    return { Table: structuredClone(this.#table(TableName).description) };
  }

  DescribeTimeToLive({ TableName }: Any) {
    return { TimeToLiveDescription: { ...this.#table(TableName).timeToLive } };
  }

  DescribeContinuousBackups({ TableName }: Any) {
    const { recovery } = this.#table(TableName, 'TableNotFoundException');
    return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { ...recovery } } };
  }

  DescribeContributorInsights({ TableName }: Any) {
    return { ContributorInsightsStatus: this.#table(TableName).insights };
  }

  GetResourcePolicy(_: Any): never {
    throw awsError('PolicyNotFoundException');
  }

  /** One tag a page. */
  ListTagsOfResource({ ResourceArn, NextToken = '0' }: Any) {
    const { tags } = this.#byArn(ResourceArn);
    const next = Number(NextToken) + 1;
    return {
      Tags: tags.slice(next - 1, next),
      ...(next < tags.length && { NextToken: String(next) }),
    };
  }

  RestoreTableToPointInTime(input: Any) {
    const { recovery } = this.#table(input.SourceTableName, 'SourceTableNotFoundException');
    const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = recovery;
    if (input.RestoreDateTime < earliest || input.RestoreDateTime > latest) {
      throw awsError('InvalidRestoreTimeException');
    }
    this.restored(input.SourceTableName, input.TargetTableName, {
      ...overridden(input),
      RestoreSummary: {
        SourceTableArn: arnOf(input.SourceTableName),
        RestoreDateTime: input.RestoreDateTime,
        RestoreInProgress: true,
      },
    });
    return {};
  }

  DescribeBackup({ BackupArn }: Any) {
    const backup = this.backups.get(BackupArn);
    if (!backup) throw awsError('BackupNotFoundException');
    return {
      BackupDescription: {
        SourceTableDetails: { TableName: backup.table },
        BackupDetails: { BackupCreationDateTime: backup.at },
      },
    };
  }

  RestoreTableFromBackup(input: Any) {
    const backup = this.backups.get(input.BackupArn);
    if (!backup) throw awsError('BackupNotFoundException');
    this.restored(backup.table, input.TargetTableName, {
      ...overridden(input),
      RestoreSummary: { SourceBackupArn: input.BackupArn, RestoreInProgress: true },
    });
    return {};
  }

  UpdateTable({ TableName, ...changes }: Any) {
    const table = this.#changeable(TableName);
    const { SSESpecification: sse, BillingMode: billing, ...others } = changes;
    Object.assign(table.description, others);
    if (sse) table.description.SSEDescription = encryption(sse);
    if (billing) table.description.BillingModeSummary = { BillingMode: billing };
    table.description.TableStatus = 'UPDATING';
    table.busyTicks = 2;
    return {};
  }

  UpdateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName } }: Any) {
    const table = this.#changeable(TableName);
    if (table.timeToLive.TimeToLiveStatus !== 'DISABLED') throw awsError('ValidationException');
    // ENABLED only after up to an hour.
    table.timeToLive = { TimeToLiveStatus: 'ENABLING', AttributeName };
    return {};
  }

  UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification: wanted }: Any) {
    const table = this.#table(TableName);
    if (table.ticksUntilBackups > 0) throw awsError('ContinuousBackupsUnavailableException');
    table.recovery = {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: wanted.RecoveryPeriodInDays,
    };
    return {};
  }

  UpdateContributorInsights({ TableName }: Any) {
    this.#changeable(TableName).insights = 'ENABLING';
    return {};
  }

  TagResource({ ResourceArn, Tags }: Any) {
    this.#byArn(ResourceArn).tags.push(...Tags);
    return {};
  }

  Scan({ TableName, IndexName }: Any) {
    const { items } = this.#table(TableName);
    const found = items.filter((item) => IndexName === undefined || 'tenantId' in item);
    return { Items: found.slice(0, 1) };
  }

  GetItem({ TableName, Key }: Any) {
    const { items } = this.#table(TableName);
    return { Item: items.find(({ pk, sk }) => pk.S === Key.pk.S && sk.S === Key.sk.S) };
  }

  #table(name: string, otherwise = 'ResourceNotFoundException'): ModelTable {
    const table = this.tables.get(name);
    if (!table) throw awsError(otherwise);
    return table;
  }

  #changeable(name: string): ModelTable {
    const table = this.#table(name);
    if (table.description.TableStatus !== 'ACTIVE') throw awsError('ResourceInUseException');
    return table;
  }

  #byArn(arn: string): ModelTable {
    return this.#table(arn.split('/').at(-1) ?? '');
  }
}

function overridden({ SSESpecificationOverride: sse, BillingModeOverride: billing }: Any) {
  return {
    ...(sse && { SSEDescription: encryption(sse) }),
    ...(billing && { BillingModeSummary: { BillingMode: billing } }),
  };
}

function encryption({ Enabled, KMSMasterKeyId }: Any) {
  return Enabled
    ? { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: KMSMasterKeyId }
    : undefined;
}

function arnOf(table: string): string {
  return `arn:aws:dynamodb:eu-central-1:111122223333:table/${table}`;
}
