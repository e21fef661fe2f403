import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  BillingMode,
  Operation,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type Station, stationPeriod } from '../dashboard/station.ts';
import { watchTable } from './table-alarms.ts';

export interface StateTableProps {
  /** In the names of its alarms. */
  readonly name: 'tenants' | 'conversations';
  readonly key: IKey;
  /** True lets the table be deleted with its stack. */
  readonly disposable: boolean;
}

/** What the functions call. */
const usedOperations = [
  Operation.GET_ITEM,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.QUERY,
];

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

  stationAs(title: string): Station {
    const summed = { period: stationPeriod, statistic: Stats.SUM };
    return {
      title,
      rate: this.units(stationPeriod, 'units'),
      failures: [
        this.metric('ReadThrottleEvents', { ...summed, label: 'reads throttled' }),
        this.metric('WriteThrottleEvents', { ...summed, label: 'writes throttled' }),
        this.metricSystemErrorsForOperations({
          ...summed,
          operations: [...usedOperations],
          label: 'system errors',
        }),
      ],
    };
  }

  /** What AWS bills by. */
  units(period: Duration, label: string): readonly IMetric[] {
    const summed = { period, statistic: Stats.SUM };
    return [
      this.metricConsumedReadCapacityUnits({ ...summed, label: `${label} read` }),
      this.metricConsumedWriteCapacityUnits({ ...summed, label: `${label} written` }),
    ];
  }
}
