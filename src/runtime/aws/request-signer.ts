import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { readOptionalEnv } from '#runtime/env.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

/** The role's, as Lambda gives them: for as long as the environment lives. @throws NoCredentialsError */
export function environmentCredentials(): Credentials {
  const accessKeyId = readOptionalEnv('AWS_ACCESS_KEY_ID');
  const secretAccessKey = readOptionalEnv('AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new NoCredentialsError(
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as Lambda does: functions look nowhere else',
    );
  }
  const sessionToken = readOptionalEnv('AWS_SESSION_TOKEN');
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

export interface SignerOptions {
  readonly credentials: () => Credentials;
  readonly region: string;
  /** As it is named in signatures, such as `dynamodb`. */
  readonly service: string;
}

/**
 * AWS Signature Version 4 of a `POST /` without a query, which is all that the JSON protocols send
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The SDK's
 * signer costs three times as much: it derives a key of the credentials for each request only to find the
 * signing key that it keeps.
 */
export class RequestSigner {
  readonly #options: SignerOptions;
  #credentials: Credentials | undefined;
  #day: { readonly name: string; readonly scope: string; readonly key: KeyObject } | undefined;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  /**
   * @param headers by names in lower case, all of which are signed
   * @returns them, and those that the signature adds
   */
  sign(
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    now: Date,
  ): Record<string, string> {
    this.#credentials ??= this.#options.credentials();
    const { accessKeyId, sessionToken } = this.#credentials;
    const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
    const { scope, key } = this.#keyOf(time.slice(0, 8), this.#credentials);
    const signed: Record<string, string> = { ...headers, 'x-amz-date': time };
    if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken;
    const names = Object.keys(signed).sort();
    const list = names.join(';');
    const lines = names.map((name) => `${name}:${signed[name]}\n`).join('');
    const canonical = `POST\n/\n\n${lines}\n${list}\n${sha256(body)}`;
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
      .digest('hex');
    signed['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`;
    return signed;
  }

  /** One key a day. */
  #keyOf(name: string, { secretAccessKey }: Credentials) {
    if (this.#day?.name !== name) {
      const { region, service } = this.#options;
      const parts = [name, region, service, 'aws4_request'];
      const key = parts.reduce<string | Buffer>(
        (secret, part) => createHmac('sha256', secret).update(part).digest(),
        `AWS4${secretAccessKey}`,
      );
      this.#day = { name, scope: parts.join('/'), key: createSecretKey(Buffer.from(key)) };
    }
    return this.#day;
  }
}

/** At once: an object for each hash costs twice as much. */
function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}
