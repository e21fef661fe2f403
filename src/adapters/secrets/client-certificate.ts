import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import { isObject, textAt } from '#domain/json.ts';
import type { SecretsManagerSecretReaderOptions } from './secrets-manager-secret-reader.ts';

/**
 * A certificate of ours from Secrets Manager, where the operator put it as
 * `{"certificate":"<PEM>","privateKey":"<PEM>"}`.
 * @throws SecretUnavailableError
 */
export async function readClientCertificate(
  client: SecretsManagerSecretReaderOptions['client'],
  secretId: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const { SecretString: text = '' } = await client.send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  const value = parse(text);
  const cert = isObject(value) ? textAt(value, 'certificate') : undefined;
  const key = isObject(value) ? textAt(value, 'privateKey') : undefined;
  if (cert && key) return { cert, key };
  throw new SecretUnavailableError(
    `Secret ${secretId} has another shape than {"certificate":"…","privateKey":"…"}: put a new value`,
    { needs: 'operator' },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
