import {
  errorTypeRegistries,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-sqs';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import type { AwsClientLimits } from '#runtime/aws-client-options.ts';
import type { AwsSender } from './aws-sender.ts';
import { functionClient } from './function-clients.ts';
import { PlainJson } from './plain-json.ts';

const SERVICE_TARGET = 'AmazonSQS';

const plain = new PlainJson({
  contentType: 'application/x-amz-json-1.0',
  serviceTarget: SERVICE_TARGET,
  headers: { 'x-amzn-query-mode': 'true' },
  operations: ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'],
  bytes: /"Binary(?:List)?Values?":/,
});

export function sqsClient(
  limits: Pick<AwsClientLimits, 'maxAttempts'> = {},
): AwsSender<ServiceInputTypes, ServiceOutputTypes> {
  return functionClient({
    limits,
    name: 'sqs',
    plain,
    protocol: new AwsJson1_0Protocol({
      defaultNamespace: 'com.amazonaws.sqs',
      serviceTarget: SERVICE_TARGET,
      awsQueryCompatible: true,
      errorTypeRegistries,
    }),
  });
}
