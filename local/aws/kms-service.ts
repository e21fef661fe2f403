import { type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { kmsApi } from '../kms/kms-api.ts';
import type { KmsModel } from '../kms/kms-model.ts';
import { keyNamedBy } from '../kms/wrapped-key.ts';
import type { AwsService, ServiceRefusals } from './aws-service.ts';
import { apiError } from './json-api.ts';
import type { PolicyContext } from './policy-condition.ts';

/** KMS as a function calls it itself: judged on the key, with what the call says of its purpose. */
export function kmsService(kms: KmsModel): AwsService {
  return {
    peer: 'kms',
    targetPrefix: 'TrentService.',
    contentType: 'application/x-amz-json-1.1',
    api: kmsApi(kms),
    refusals: REFUSALS,
    refuse: ({ status, code, message }) => apiError(status, code, message),
    permissions: (operation, input) => [
      {
        action: `kms:${operation}`,
        resource: keyOf(input, kms),
        context: contextOf(input),
      },
    ],
  };
}

/** The key that is asked for, or that the ciphertext names; without either any key is meant. */
function keyOf(input: JsonObject, kms: KmsModel): string {
  const keyId = textAt(input, 'KeyId');
  if (keyId !== undefined) return kms.arnOf(keyId);
  const blob = textAt(input, 'CiphertextBlob') ?? '';
  return keyNamedBy(Buffer.from(blob, 'base64')) ?? '*';
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function contextOf(input: JsonObject): PolicyContext {
  const context = objectAt(input, 'EncryptionContext') ?? {};
  const members = Object.keys(context);
  return {
    ...Object.fromEntries(
      members.map((name) => [`kms:EncryptionContext:${name}`, textAt(context, name) ?? '']),
    ),
    ...(members.length > 0 && { 'kms:EncryptionContextKeys': members }),
  };
}

const REFUSALS: ServiceRefusals = {
  accessDenied: { status: 400, code: 'AccessDeniedException' },
  keyAccessDenied: { status: 400, code: 'AccessDeniedException' },
  unknownAccessKey: { status: 400, code: 'UnrecognizedClientException' },
  missingAccessKey: { status: 400, code: 'MissingAuthenticationTokenException' },
  throttled: {
    status: 400,
    code: 'ThrottlingException',
    message:
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  },
  failed: { code: 'KMSInternalException', message: 'An internal error occurred in KMS.' },
};
