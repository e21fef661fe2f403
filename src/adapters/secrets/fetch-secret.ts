import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { SecretShape } from './secret-shapes.ts';

/** One secret of Secrets Manager, by its name or ARN. @throws SecretUnavailableError */
export async function fetchSecret<Value>(
  client: SecretsManagerClient,
  secretId: string,
  shape: SecretShape<Value>,
): Promise<Value> {
  const value = shape.read(await readText(client, secretId, shape.example));
  if (value !== undefined) return value;
  throw new SecretUnavailableError(
    `Secret ${secretId} has another shape than ${shape.example}: put a new value`,
    { needs: 'operator' },
  );
}

async function readText(
  client: SecretsManagerClient,
  secretId: string,
  example: string,
): Promise<string> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    return (await client.send(command)).SecretString ?? '';
  } catch (cause) {
    const remedy = cause instanceof Error ? remedyFor(cause.name, example) : undefined;
    if (remedy !== undefined) {
      const options = { cause, needs: 'operator' } as const;
      throw new SecretUnavailableError(`Secret ${secretId} ${remedy}`, options);
    }
    throw new SecretUnavailableError(
      `Secret ${secretId} cannot be read now: check whether Secrets Manager is available`,
      { cause, needs: 'time' },
    );
  }
}

/** What the operator has to do about an error of GetSecretValue; nothing where waiting may help. */
function remedyFor(errorName: string, example: string): string | undefined {
  switch (errorName) {
    case 'ResourceNotFoundException':
      return `has no value: put one of the shape ${example}`;
    case 'InvalidRequestException':
      return 'cannot be used: restore it if it is scheduled for deletion';
    case 'AccessDeniedException':
      return "may not be read: check the function's role and the policy of the secret";
    case 'DecryptionFailure':
      return "cannot be decrypted: check the secret's key and the function's right to use it";
    default:
      return undefined;
  }
}
