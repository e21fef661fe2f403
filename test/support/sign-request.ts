import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** @default execute-api */
  readonly service?: string;
}

export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default now */
  readonly signingDate?: Date;
}

/** What an AWS SDK needs of a hash. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #secret: unknown;

  constructor(secret?: unknown) {
    this.#secret = secret;
    this.#hash = Sha256.#begin(secret);
  }

  static #begin(secret: unknown): Hash | Hmac {
    return secret === undefined
      ? createHash('sha256')
      : createHmac('sha256', secret as string | Uint8Array);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string | Uint8Array);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = Sha256.#begin(this.#secret);
  }
}

/** Headers with the signature that AWS's own SDK puts there. */
export async function signedHeaders(
  { method, url, headers = {}, body, signingDate }: PlainRequest,
  { accessKeyId, secretAccessKey, region, service = 'execute-api' }: Signer,
): Promise<Record<string, string>> {
  const { host, hostname, port, protocol, pathname, searchParams } = new URL(url);
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) query[name] = [...(query[name] ?? []), value];
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Sha256,
  });
  const signed = await signer.sign(
    {
      method,
      protocol,
      hostname,
      port: Number(port),
      path: pathname,
      query,
      headers: { ...headers, host },
      ...(body !== undefined && { body }),
    },
    signingDate ? { signingDate } : {},
  );
  const { host: _, ...rest } = signed.headers;
  return rest;
}

/** As a business's program calls. */
export async function signedFetch(request: PlainRequest, signer: Signer): Promise<Response> {
  const { method, url, body } = request;
  const headers = await signedHeaders(request, signer);
  return fetch(url, { method, headers, ...(body !== undefined && { body }) });
}
