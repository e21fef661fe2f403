import type { Duration } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, Operation } from 'aws-cdk-lib/aws-dynamodb';
import { type Station, stationPeriod } from '../dashboard/station.ts';

/** What the functions call; DynamoDB counts its failures by operation. */
export const usedOperations: readonly Operation[] = [
  Operation.GET_ITEM,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.DELETE_ITEM,
  Operation.QUERY,
];

/** A table that serves: the stack's own, or after a restore the restored one. */
export class ServingTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly #table: Omit<ITable, 'tableStreamArn'>;

  constructor(table: Omit<ITable, 'tableStreamArn'>) {
    this.#table = table;
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
  }

  stationAs(title: string): Station {
    const summed = { period: stationPeriod, statistic: Stats.SUM };
    return {
      title,
      rate: this.units(stationPeriod, 'units'),
      failures: [
        this.#table.metric('ReadThrottleEvents', { ...summed, label: 'reads throttled' }),
        this.#table.metric('WriteThrottleEvents', { ...summed, label: 'writes throttled' }),
        this.#table.metricSystemErrorsForOperations({
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
      this.#table.metricConsumedReadCapacityUnits({ ...summed, label: `${label} read` }),
      this.#table.metricConsumedWriteCapacityUnits({ ...summed, label: `${label} written` }),
    ];
  }
}
