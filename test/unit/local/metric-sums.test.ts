import { expect, test } from 'vitest';
import { MetricSums } from '#local/lambda/metric-sums.ts';

function line(values: Record<string, unknown>, names = Object.keys(values)): string {
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'Concierge', Dimensions: [['service']], Metrics }];
  return JSON.stringify({
    _aws: { Timestamp: 1, CloudWatchMetrics },
    service: 'ingest',
    ...values,
  });
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

test('leaves other lines alone', () => {
  const sums = new MetricSums();
  sums.add('{"level":"INFO","message":"turn_closed"}');
  sums.add('not JSON but "CloudWatchMetrics"');
  expect(sums.toJSON()).toEqual({});
});
