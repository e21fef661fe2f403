import { awsError } from './aws-error.ts';
import type { DynamoControl } from './dynamo-control.ts';

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of many commands, as the SDK has them
type Any = any;

interface RestoreJob {
  readonly RestoreJobId: string;
  readonly RecoveryPointArn: string;
  Status: string;
  StatusMessage?: string;
  ticks: number;
  readonly target: string;
  readonly keyArn: string;
}

/** AWS Backup: recovery points, and jobs that make tables of them. */
export class BackupVaultModel {
  readonly points = new Map<string, { readonly table: string; readonly at: Date }>();
  readonly jobs: RestoreJob[] = [];
  /** Why jobs end without a table; undefined while they succeed. */
  broken: string | undefined;
  readonly #dynamo: DynamoControl;

  constructor(dynamo: DynamoControl) {
    this.#dynamo = dynamo;
  }

  tick(): void {
    for (const job of this.jobs.filter(({ Status }) => Status === 'RUNNING')) {
      job.ticks -= 1;
      if (job.ticks === 0) this.#end(job);
    }
  }

  DescribeRecoveryPoint({ BackupVaultName, RecoveryPointArn }: Any) {
    const point = this.points.get(RecoveryPointArn);
    if (!point || BackupVaultName !== 'concierge-prod') throw awsError('ResourceNotFoundException');
    return {
      ResourceArn: `arn:aws:dynamodb:eu-central-1:111122223333:table/${point.table}`,
      CreationDate: point.at,
    };
  }

  StartRestoreJob({ RecoveryPointArn, IamRoleArn, Metadata }: Any) {
    if (!IamRoleArn || Metadata.encryptionType !== 'KMS') {
      throw awsError('InvalidParameterValueException');
    }
    const RestoreJobId = `job-${this.jobs.length}`;
    this.jobs.push({
      RestoreJobId,
      RecoveryPointArn,
      Status: 'RUNNING',
      ticks: 5,
      target: Metadata.targetTableName,
      keyArn: Metadata.kmsMasterKeyArn,
    });
    return { RestoreJobId };
  }

  DescribeRestoreJob({ RestoreJobId }: Any) {
    return { ...this.jobs.find((job) => job.RestoreJobId === RestoreJobId) };
  }

  ListRestoreJobs({ ByStatus }: Any) {
    return { RestoreJobs: this.jobs.filter(({ Status }) => Status === ByStatus) };
  }

  #end(job: RestoreJob): void {
    const source = this.points.get(job.RecoveryPointArn)?.table ?? '';
    if (this.broken !== undefined || this.#dynamo.tables.has(job.target)) {
      job.Status = 'FAILED';
      job.StatusMessage = this.broken ?? 'Table already exists';
      return;
    }
    this.#dynamo.restored(source, job.target, {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: job.keyArn },
    });
    job.Status = 'COMPLETED';
  }
}
