import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { percentiles, type Station, stationPeriod } from './station.ts';

/** What its callers see of an HTTP API. */
export function stationOfApi(title: string, api: HttpApi): Station {
  const summed = { period: stationPeriod, statistic: Stats.SUM };
  return {
    title,
    rate: [api.metricCount({ ...summed, label: 'requests' })],
    latency: percentiles((how) => api.metricLatency(how)),
    failures: [
      api.metricServerError({ ...summed, label: '5xx' }),
      api.metricClientError({ ...summed, label: '4xx' }),
    ],
  };
}
