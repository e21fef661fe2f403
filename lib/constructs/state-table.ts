import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { watchTable } from './table-alarms.ts';

export interface StateTableProps {
  /** In the names of its alarms. */
  readonly name: 'tenants' | 'conversations';
  readonly key: IKey;
  /** True lets the table be deleted with its stack. */
  readonly disposable: boolean;
}

/** House table: generic keys `pk` and `sk`, TTL on `expiresAt` (epoch seconds), our own key. */
export class StateTable extends Table {
  constructor(scope: Construct, id: string, { name, key, disposable }: StateTableProps) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !disposable,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    watchTable(this, { tableName: this.tableName, name });
  }
}
