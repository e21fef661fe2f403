import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  BillingMode,
  Table,
  TableEncryption,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ReplicaConfig } from '../config/recovery.ts';

export interface StateTableProps {
  readonly key: IKey;
  /** True lets the table be deleted with its stack. */
  readonly disposable: boolean;
  /** To every second of so many days it can be restored. */
  readonly pointInTimeDays: number;
}

/** House table: generic keys `pk` and `sk`, TTL on `expiresAt` (epoch seconds), our own key. */
export class StateTable extends Table {
  constructor(scope: Construct, id: string, props: StateTableProps) {
    super(scope, id, {
      ...shared(props),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
    });
  }
}

export interface ReplicatedStateTableProps extends StateTableProps {
  readonly replicas: readonly ReplicaConfig[];
}

/**
 * The house table with replicas in other regions: eventually consistent and last writer wins, so only
 * one region may answer at a time (docs/adr/035). Of another type than the house table and under the same
 * logical id: CloudFormation refuses to make one of the other.
 */
export class ReplicatedStateTable extends TableV2 {
  constructor(scope: Construct, id: string, { replicas, ...props }: ReplicatedStateTableProps) {
    const keys = Object.fromEntries(replicas.map(({ region, keyArn }) => [region, keyArn]));
    super(scope, id, {
      ...shared(props),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(props.key, keys),
      // A replica takes deletion protection and recovery from here.
      replicas: replicas.map(({ region }) => ({ region })),
    });
  }
}

function shared({ disposable, pointInTimeDays }: StateTableProps) {
  return {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: pointInTimeDays,
    },
    deletionProtection: !disposable,
    removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  };
}
