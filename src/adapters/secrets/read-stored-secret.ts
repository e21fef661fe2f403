import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import type { StoredSecret } from '#app/ports/secret-vault.ts';
import { readSecretText } from './secret-text.ts';
import type { SecretsManagerSecretReaderOptions } from './secrets-manager-secret-reader.ts';

/** A secret as it is now: undefined where there is no value, `unreadable` for one that is no JSON object. @throws NewerSecretError */
export async function readStoredSecret(
  client: SecretsManagerSecretReaderOptions['client'],
  secretId: string,
): Promise<StoredSecret | 'unreadable' | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString: text = '', CreatedDate: changed } = await client.send(command);
    const fields = readSecretText(text, secretId);
    return fields ? { fields, changedAtMs: changed?.getTime() ?? 0 } : 'unreadable';
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Not there, without a value, or marked for deletion. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ResourceNotFoundException || error instanceof InvalidRequestException;
}
