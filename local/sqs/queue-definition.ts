import { isObject, type JsonObject } from '#domain/json.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

/** A queue's attributes as AWS names them, all values as text. */
export type QueueAttributes = Readonly<Record<string, string>>;

export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationScope: 'queue' | 'messageGroup';
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly waitSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive: RedrivePolicy | undefined;
  /** Everything that was given, and the defaults of what was not. */
  readonly attributes: QueueAttributes;
}

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Limits and defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const NUMBERS: Readonly<
  Record<string, readonly [minimum: number, maximum: number, preset: string]>
> = {
  DelaySeconds: [0, 900, '0'],
  MaximumMessageSize: [1_024, 1_048_576, '1048576'],
  MessageRetentionPeriod: [60, 1_209_600, '345600'],
  ReceiveMessageWaitTimeSeconds: [0, 20, '0'],
  VisibilityTimeout: [0, 43_200, '30'],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, '300'],
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ['true', 'false'],
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['messageGroup', 'queue'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  SqsManagedSseEnabled: ['true', 'false'],
};

const FREE = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];

const FIFO_ONLY = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

const FIFO_DEFAULTS: QueueAttributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

/** @throws SqsError for what CreateQueue refuses */
export function defineQueue(name: string, arn: string, given: QueueAttributes): QueueDefinition {
  for (const [attribute, value] of Object.entries(given)) checkAttribute(attribute, value);
  const fifo = given['FifoQueue'] === 'true';
  checkName(name, fifo);
  if (!fifo) for (const attribute of FIFO_ONLY) refuseOnStandard(attribute, given);
  if (
    given['FifoThroughputLimit'] === 'perMessageGroupId' &&
    given['DeduplicationScope'] !== 'messageGroup'
  ) {
    throw invalidParameter(
      'FifoThroughputLimit perMessageGroupId needs DeduplicationScope messageGroup',
    );
  }
  const attributes: QueueAttributes = {
    ...Object.fromEntries(Object.entries(NUMBERS).map(([key, [, , preset]]) => [key, preset])),
    ...(given['KmsMasterKeyId'] === undefined && { SqsManagedSseEnabled: 'true' }),
    ...(fifo && FIFO_DEFAULTS),
    ...given,
  };
  return {
    name,
    arn,
    fifo,
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationScope:
      attributes['DeduplicationScope'] === 'messageGroup' ? 'messageGroup' : 'queue',
    visibilityTimeoutSeconds: Number(attributes['VisibilityTimeout']),
    retentionSeconds: Number(attributes['MessageRetentionPeriod']),
    delaySeconds: Number(attributes['DelaySeconds']),
    waitSeconds: Number(attributes['ReceiveMessageWaitTimeSeconds']),
    maximumMessageBytes: Number(attributes['MaximumMessageSize']),
    redrive: readRedrivePolicy(given['RedrivePolicy']),
    attributes,
  };
}

function checkName(name: string, fifo: boolean): void {
  const stem = fifo ? name.replace(/\.fifo$/, '') : name;
  if (name.length > 80 || !/^[A-Za-z0-9_-]+$/.test(stem) || (fifo && stem === name)) {
    throw invalidParameter(
      'A queue name has 1 to 80 letters, digits, hyphens and underscores; that of a FIFO queue, and of no other, ends in .fifo',
    );
  }
}

function checkAttribute(attribute: string, value: string): void {
  const limits = NUMBERS[attribute];
  const choices = CHOICES[attribute];
  if (!limits && !choices && !FREE.includes(attribute)) {
    throw new SqsError('InvalidAttributeName', `Unknown Attribute ${attribute}.`);
  }
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  const fits = limits ? number >= limits[0] && number <= limits[1] : true;
  if (!fits || choices?.includes(value) === false) {
    throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${attribute}.`);
  }
}

function refuseOnStandard(attribute: string, given: QueueAttributes): void {
  if (given[attribute] !== undefined) {
    throw new SqsError('InvalidAttributeName', `Only a FIFO queue has the attribute ${attribute}.`);
  }
}

function readRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  if (text === undefined || text === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = readPolicy(text);
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !(count >= 1 && count <= 1000)) {
    throw invalidParameter(
      'RedrivePolicy is JSON with deadLetterTargetArn and maxReceiveCount (1 to 1000)',
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

/**
 * Whether a queue lets another one use it as its dead-letter queue
 * (attribute RedriveAllowPolicy; everyone may by default).
 */
export function allowsRedriveFrom(deadLetterQueue: QueueDefinition, sourceArn: string): boolean {
  const text = deadLetterQueue.attributes['RedriveAllowPolicy'];
  if (text === undefined || text === '') return true;
  const { redrivePermission, sourceQueueArns } = readPolicy(text);
  if (redrivePermission === 'allowAll') return true;
  const sources = Array.isArray(sourceQueueArns) ? sourceQueueArns : [];
  return redrivePermission === 'byQueue' && sources.includes(sourceArn);
}

function readPolicy(text: string): JsonObject {
  try {
    const policy: unknown = JSON.parse(text);
    if (isObject(policy)) return policy;
  } catch {
    // Refused below, like JSON that is no object.
  }
  throw new SqsError('InvalidAttributeValue', 'A policy attribute is a JSON object as text');
}
