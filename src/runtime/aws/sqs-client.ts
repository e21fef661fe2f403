import {
  errorTypeRegistries,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-sqs';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import type { AwsClientLimits } from '#runtime/aws-client-options.ts';
import type { AwsSender } from './aws-sender.ts';
import { functionClient } from './function-clients.ts';

export function sqsClient(
  limits: Pick<AwsClientLimits, 'maxAttempts'> = {},
): AwsSender<ServiceInputTypes, ServiceOutputTypes> {
  return functionClient({
    limits,
    name: 'sqs',
    protocol: new AwsJson1_0Protocol({
      defaultNamespace: 'com.amazonaws.sqs',
      serviceTarget: 'AmazonSQS',
      awsQueryCompatible: true,
      errorTypeRegistries,
    }),
  });
}
