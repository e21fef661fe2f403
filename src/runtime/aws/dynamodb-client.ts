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
import { PlainJson } from './plain-json.ts';

const SERVICE_TARGET = 'DynamoDB_20120810';

const plain = new PlainJson({
  contentType: 'application/x-amz-json-1.0',
  serviceTarget: SERVICE_TARGET,
  operations: ['GetItem', 'Query', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  bytes: /"BS?":/,
});

export function dynamoDbClient(
  limits: Pick<AwsClientLimits, 'maxAttempts'> = {},
): AwsSender<ServiceInputTypes, ServiceOutputTypes> {
  return functionClient({
    limits,
    name: 'dynamodb',
    baseDelayMs: 25,
    plain,
    protocol: new AwsJson1_0Protocol({
      defaultNamespace: 'com.amazonaws.dynamodb',
      serviceTarget: SERVICE_TARGET,
      errorTypeRegistries,
      jsonCodec: new DynamoDBJsonCodec2(),
    }),
  });
}
