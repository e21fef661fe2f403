import {
  errorTypeRegistries,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';
import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import { DynamoDBJsonCodec2 } from '@aws-sdk/dynamodb-codec';
import type { AwsClientLimits } from '#runtime/aws-client-options.ts';
import type { AwsSender } from './aws-sender.ts';
import { functionClient } from './function-clients.ts';

export function dynamoDbClient(
  limits: Pick<AwsClientLimits, 'maxAttempts'> = {},
): AwsSender<ServiceInputTypes, ServiceOutputTypes> {
  return functionClient({
    limits,
    name: 'dynamodb',
    baseDelayMs: 25,
    protocol: new AwsJson1_0Protocol({
      defaultNamespace: 'com.amazonaws.dynamodb',
      serviceTarget: 'DynamoDB_20120810',
      errorTypeRegistries,
      jsonCodec: new DynamoDBJsonCodec2(),
    }),
  });
}
