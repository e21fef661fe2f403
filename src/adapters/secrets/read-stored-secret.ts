import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { StoredSecret } from '#app/ports/secret-vault.ts';
import { isObject } from '#domain/json.ts';

/** A secret as it is now: undefined where there is no value, `unreadable` for one that is no JSON object. */
export async function readStoredSecret(
  client: SecretsManagerClient,
  secretId: string,
): Promise<StoredSecret | 'unreadable' | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString: text = '', CreatedDate: changed } = await client.send(command);
    const fields = parse(text);
    return isObject(fields) ? { fields, changedAtMs: changed?.getTime() ?? 0 } : 'unreadable';
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Not there, without a value, or marked for deletion. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ResourceNotFoundException || error instanceof InvalidRequestException;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
