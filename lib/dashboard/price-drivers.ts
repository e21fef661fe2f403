import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { HouseQueue } from '../constructs/house-queue.ts';
import type { NodeLambda } from '../constructs/node-lambda.ts';
import type { ServingTable } from '../constructs/serving-table.ts';
import type { PriceDrivers } from './cost-view.ts';
import { billedOf } from './function-station.ts';
import { viewPeriod } from './panel.ts';

/** Whatever of a stage AWS bills by use, by the name that the dashboard has for it. */
export interface Billed {
  readonly apis: Readonly<Record<string, HttpApi>>;
  readonly functions: readonly NodeLambda<Readonly<Record<string, string>>>[];
  readonly queues: Readonly<Record<string, HouseQueue>>;
  readonly tables: Readonly<Record<string, ServingTable>>;
}

export function priceDrivers({ apis, functions, queues, tables }: Billed): PriceDrivers {
  const summed = { period: viewPeriod, statistic: Stats.SUM };
  const billed = functions.map((each) => billedOf(each.billed, viewPeriod));
  return {
    apiRequests: Object.entries(apis).map(([label, api]) => api.metricCount({ ...summed, label })),
    invocations: billed.map(({ invocations }) => invocations),
    gigabyteSeconds: billed.map(({ gigabyteSeconds }) => gigabyteSeconds),
    loggedBytes: billed.map(({ loggedBytes }) => loggedBytes),
    queueRequests: Object.entries(queues).flatMap(([label, queue]) =>
      queue.requests(viewPeriod, label),
    ),
    tableUnits: Object.entries(tables).flatMap(([label, table]) => table.units(viewPeriod, label)),
  };
}
