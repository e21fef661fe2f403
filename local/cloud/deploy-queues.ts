import type { SqsModel } from '../sqs/sqs-model.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { Properties } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/** Properties that are attributes of the same name. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

/** Creates the template's queues, dead-letter queues before those that need them. */
export function deployQueues(stacks: readonly Stack[], sqs: SqsModel, keys: CustomerKeys): void {
  const queues = stacks.flatMap((stack) =>
    stack.resources('AWS::SQS::Queue').map((resource) => ({
      properties: stack.properties(resource),
      identity: stack.identityOf(resource.logicalId),
    })),
  );
  const [last, first] = [
    queues.filter(({ properties }) => 'RedrivePolicy' in properties.raw),
    queues.filter(({ properties }) => !('RedrivePolicy' in properties.raw)),
  ];
  for (const { properties, identity } of [...first, ...last]) {
    properties.allowOnly([...ATTRIBUTES, 'QueueName', 'Tags']);
    create(sqs, identity.attributes['QueueName'] ?? '', properties);
    keys.use(identity.attributes['Arn'] ?? '', properties.optionalText('KmsMasterKeyId'));
  }
  for (const stack of stacks) deployPolicies(stack, sqs);
}

function create(sqs: SqsModel, name: string, properties: Properties): void {
  const attributes = ATTRIBUTES.flatMap((attribute) => {
    const value = properties.raw[attribute];
    if (value === undefined) return [];
    return [
      [attribute, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
    ];
  });
  try {
    sqs.createQueue(name, Object.fromEntries(attributes));
  } catch (error) {
    throw new TemplateError(properties.logicalId, `SQS refuses the queue: ${String(error)}`);
  }
}

function deployPolicies(stack: Stack, sqs: SqsModel): void {
  for (const resource of stack.resources('AWS::SQS::QueuePolicy')) {
    const properties = stack.properties(resource);
    const policy = JSON.stringify(properties.object('PolicyDocument').raw);
    for (const url of properties.texts('Queues')) {
      sqs.setQueuePolicy(url.slice(url.lastIndexOf('/') + 1), policy);
    }
  }
}
