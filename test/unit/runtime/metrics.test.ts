import { expect, it } from 'vitest';
import { type MetricSink, PowertoolsMetrics } from '#runtime/metrics.ts';

function recordingMetrics() {
  const published: string[][] = [];
  let stored: string[] = [];
  const sink = {
    addMetric: (name: string, unit: string, value: number) => {
      stored.push(`${name} ${value} ${unit}`);
    },
    publishStoredMetrics: () => {
      published.push(stored);
      stored = [];
    },
  };
  return { published, metrics: new PowertoolsMetrics(sink as unknown as MetricSink) };
}

it('sums the counts of an invocation and keeps each duration', () => {
  const { published, metrics } = recordingMetrics();
  metrics.count('MessagesAccepted');
  metrics.count('MessagesAccepted', 2);
  metrics.duration('AnswerTime', 1200);
  metrics.duration('AnswerTime', 800);
  metrics.flush();
  expect(published).toEqual([
    ['MessagesAccepted 3 Count', 'AnswerTime 1200 Milliseconds', 'AnswerTime 800 Milliseconds'],
  ]);
});

it('publishes a zero, which a gauge needs, and nothing where nothing was counted', () => {
  const { published, metrics } = recordingMetrics();
  metrics.flush();
  metrics.count('UnfinishedMessages', 0);
  metrics.flush();
  metrics.flush();
  expect(published).toEqual([['UnfinishedMessages 0 Count']]);
});
