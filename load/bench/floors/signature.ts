import { createHash, createHmac } from 'node:crypto';

/** Who signs, and for what. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly region: string;
}

const SIGNED = 'content-type;host;x-amz-date;x-amz-security-token;x-amz-target';

/** A key is good for a day and a service. */
const keys = new Map<string, Buffer>();

/** Signature Version 4 of a POST to `/`, written out. @returns its headers */
export function signedHeaders(
  signer: Signer,
  service: string,
  { host, target, type, body }: Readonly<Record<'host' | 'target' | 'type' | 'body', string>>,
): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${signer.region}/${service}/aws4_request`;
  const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${host}\nx-amz-date:${time}\nx-amz-security-token:${signer.sessionToken}\nx-amz-target:${target}\n\n${SIGNED}\n${sha256(body)}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
  const signature = createHmac('sha256', keyOf(signer, day, service))
    .update(text)
    .digest('hex');
  return {
    'content-type': type,
    host,
    'x-amz-date': time,
    'x-amz-security-token': signer.sessionToken,
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${SIGNED}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function keyOf({ secretAccessKey, region }: Signer, day: string, service: string): Buffer {
  const name = `${day}/${service}`;
  const known = keys.get(name);
  if (known) return known;
  const parts = [day, region, service, 'aws4_request'];
  const key = parts.reduce<Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  keys.set(name, key);
  return key;
}
