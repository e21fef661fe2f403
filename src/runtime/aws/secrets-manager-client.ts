import {
  errorTypeRegistries,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-secrets-manager';
import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import type { AwsClientLimits } from '#runtime/aws-client-options.ts';
import type { AwsSender } from './aws-sender.ts';
import { functionClient } from './function-clients.ts';

export function secretsManagerClient(
  limits: Pick<AwsClientLimits, 'maxAttempts'> = {},
): AwsSender<ServiceInputTypes, ServiceOutputTypes> {
  return functionClient({
    limits,
    name: 'secretsmanager',
    protocol: new AwsJson1_1Protocol({
      defaultNamespace: 'com.amazonaws.secretsmanager',
      serviceTarget: 'secretsmanager',
      errorTypeRegistries,
    }),
  });
}
