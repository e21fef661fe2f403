import { expect, test } from 'vitest';
import { Properties } from '#local/cloud/properties.ts';
import {
  eventSourceSettings,
  type MappedQueue,
} from '#local/event-sources/event-source-settings.ts';

const STANDARD: MappedQueue = { fifo: false, visibilityTimeoutSeconds: 60 };
const FIFO: MappedQueue = { fifo: true, visibilityTimeoutSeconds: 60 };

function settings(raw: Record<string, unknown>, queue = STANDARD) {
  return eventSourceSettings(new Properties('Mapping', raw), queue, 30);
}

test('takes the values of the template', () => {
  expect(
    settings({
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  ).toMatchObject({
    batchSize: 50,
    batchingWindowSeconds: 1,
    maximumConcurrency: 10,
    partialResponses: true,
    enabled: true,
  });
});

test('batches of ten, five at a time, are the rule where the template says nothing', () => {
  expect(settings({})).toMatchObject({
    batchSize: 10,
    maximumConcurrency: 5,
    partialResponses: false,
  });
});

test.each([
  [{ BatchSize: 11 }, FIFO, /FIFO queue gives batches of at most 10/],
  [{ MaximumBatchingWindowInSeconds: 1 }, FIFO, /no batching window/],
  [{ BatchSize: 11 }, STANDARD, /needs MaximumBatchingWindowInSeconds/],
  [{ ScalingConfig: { MaximumConcurrency: 1 } }, STANDARD, /MaximumConcurrency is 2 to 1000/],
  [{}, { ...STANDARD, visibilityTimeoutSeconds: 29 }, /29 s\) is shorter than .*30 s/],
  [{ StartingPosition: 'LATEST' }, STANDARD, /StartingPosition is unknown/],
])('%j on %j is refused as the cloud would', (raw, queue, message) => {
  expect(() => settings(raw, queue)).toThrow(message);
  expect(() => settings(raw, queue)).toThrow(/^Mapping: /);
});
