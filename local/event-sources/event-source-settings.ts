import type { Properties } from '../cloud/properties.ts';
import { TemplateError } from '../cloud/template-error.ts';
import { FilterPattern } from './filter-pattern.ts';

/** An event source mapping of an SQS queue, as the template defines it. */
export interface EventSourceSettings {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** How many invocations this mapping has under way at most. */
  readonly maximumConcurrency: number;
  /** Whether the function tells which messages of a batch failed. */
  readonly partialResponses: boolean;
  readonly filters: readonly FilterPattern[];
  readonly enabled: boolean;
}

/** What the API looks at when a mapping is created. */
export interface MappedQueue {
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
}

/**
 * Without a limit a mapping starts with five concurrent batches and adds 300 a minute; here it stays
 * at the start (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
const UNLIMITED_CONCURRENCY = 5;

/** @throws TemplateError for what Lambda itself would refuse, and for settings unknown here */
export function eventSourceSettings(
  properties: Properties,
  queue: MappedQueue,
  functionTimeoutSeconds: number,
): EventSourceSettings {
  properties.allowOnly(KNOWN);
  const scaling = properties.optionalObject('ScalingConfig');
  const responseTypes = properties.texts('FunctionResponseTypes');
  const criteria = properties.optionalObject('FilterCriteria')?.objects('Filters') ?? [];
  const settings: EventSourceSettings = {
    batchSize: properties.optionalNumber('BatchSize') ?? 10,
    batchingWindowSeconds: properties.optionalNumber('MaximumBatchingWindowInSeconds') ?? 0,
    maximumConcurrency: scaling?.optionalNumber('MaximumConcurrency') ?? UNLIMITED_CONCURRENCY,
    partialResponses: responseTypes.includes('ReportBatchItemFailures'),
    filters: criteria.map((each) => new FilterPattern(each.text('Pattern'), properties.logicalId)),
    enabled: properties.optionalFlag('Enabled') ?? true,
  };
  const problem = refusal(settings, queue, functionTimeoutSeconds);
  if (problem !== undefined) throw new TemplateError(properties.logicalId, problem);
  return settings;
}

function refusal(
  { batchSize, batchingWindowSeconds, maximumConcurrency }: EventSourceSettings,
  { fifo, visibilityTimeoutSeconds }: MappedQueue,
  functionTimeoutSeconds: number,
): string | undefined {
  if (fifo && batchSize > 10) return 'a FIFO queue gives batches of at most 10';
  if (fifo && batchingWindowSeconds > 0) return 'a FIFO queue has no batching window';
  if (batchSize < 1 || batchSize > 10_000) return 'BatchSize is 1 to 10000';
  if (batchSize > 10 && batchingWindowSeconds < 1) {
    return 'a BatchSize above 10 needs MaximumBatchingWindowInSeconds of at least 1';
  }
  if (batchingWindowSeconds > 300) return 'MaximumBatchingWindowInSeconds is at most 300';
  if (maximumConcurrency < 2 || maximumConcurrency > 1000) return 'MaximumConcurrency is 2 to 1000';
  if (visibilityTimeoutSeconds < functionTimeoutSeconds) {
    return `the queue's VisibilityTimeout (${visibilityTimeoutSeconds} s) is shorter than the function's Timeout (${functionTimeoutSeconds} s)`;
  }
  return undefined;
}

const KNOWN = [
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
  'Tags',
];
