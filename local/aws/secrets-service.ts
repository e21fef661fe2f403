import { textAt } from '#domain/json.ts';
import { secretsApi } from '../secrets/secrets-api.ts';
import type { SecretsModel } from '../secrets/secrets-model.ts';
import type { AwsService, ServiceRefusals } from './aws-service.ts';
import { apiError } from './json-api.ts';
import { type KeyBook, type KeyUse, keyAccess } from './key-access.ts';

const KEY_USE: Readonly<Record<string, KeyUse>> = {
  CreateSecret: 'write',
  GetSecretValue: 'read',
  PutSecretValue: 'write',
  UpdateSecret: 'write',
};

interface Place {
  readonly region: string;
  readonly keys: KeyBook;
}

/** Secrets Manager: every operation is judged on the secret's whole ARN, however it is named. */
export function secretsService(secrets: SecretsModel, { region, keys }: Place): AwsService {
  return {
    peer: 'secretsmanager',
    targetPrefix: 'secretsmanager.',
    contentType: 'application/x-amz-json-1.1',
    api: secretsApi(secrets),
    refusals: REFUSALS,
    refuse: ({ status, code, message }) => apiError(status, code, message),
    permissions(operation, input) {
      const named = textAt(input, 'SecretId') ?? textAt(input, 'Name');
      const resource = named === undefined ? '*' : secrets.arnOf(named);
      return [
        { action: `secretsmanager:${operation}`, resource },
        ...keyAccess(keys, resource, KEY_USE[operation], {
          service: 'secretsmanager',
          region,
          encryptionContext: { SecretARN: resource },
        }),
      ];
    },
  };
}

const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 400, code: 'AccessDeniedException' },
  keyAccessDenied: { status: 400, code: 'AccessDeniedException' },
  unknownAccessKey: { status: 400, code: 'UnrecognizedClientException' },
  missingAccessKey: { status: 400, code: 'MissingAuthenticationTokenException' },
  throttled: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  failed: { code: 'InternalServiceError', message: 'An error occurred on the server side.' },
};
