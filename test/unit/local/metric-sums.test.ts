import { expect, test } from 'vitest';
import { readEmf } from '#local/cloudwatch/read-emf.ts';
import { MetricSums } from '#local/lambda/metric-sums.ts';

function line(values: Record<string, unknown>, names = Object.keys(values)) {
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'Concierge', Dimensions: [['service']], Metrics }];
  const text = JSON.stringify({
    _aws: { Timestamp: 1, CloudWatchMetrics },
    service: 'ingest',
    ...values,
  });
  return readEmf(text) ?? { metrics: [] };
}

test('sums values of one name over lines and lists', () => {
  const sums = new MetricSums();
  sums.add(line({ MessagesAccepted: 2 }));
  sums.add(line({ MessagesAccepted: [1, 4], Duplicates: 1 }));
  expect(sums.toJSON()).toEqual({ MessagesAccepted: 7, Duplicates: 1 });
});

test('counts a value once that two directives of a line name', () => {
  const sums = new MetricSums();
  sums.add(line({ Sent: 3 }, ['Sent', 'Sent']));
  expect(sums.toJSON()).toEqual({ Sent: 3 });
});
