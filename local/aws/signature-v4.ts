import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came in. */
export interface SignedRequest {
  readonly method: string;
  /** As it was sent, with its percent signs. */
  readonly path: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an `Authorization` header of AWS's version 4 says. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `20261126`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Further than this from our clock a signature is no longer taken. */
const MOST_SKEW_MS = 5 * 60_000;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CREDENTIAL = /Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request(?:,|\s|$)/;

/** Undefined for a header of another kind, or none. */
export function readClaim({ authorization = '' }: IncomingHttpHeaders): SignatureClaim | undefined {
  if (!authorization.startsWith(`${ALGORITHM} `)) return undefined;
  const [, accessKeyId, date, region, service] = CREDENTIAL.exec(authorization) ?? [];
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1]?.split(';');
  const signature = /Signature=([0-9a-f]{64})(?:,|\s|$)/.exec(authorization)?.[1];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature)
    return undefined;
  return { accessKeyId, date, region, service, signedHeaders, signature };
}

/**
 * Whether the request is the very one that was signed with this key, just now
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function isSignedWith(
  request: SignedRequest,
  claim: SignatureClaim,
  { secretAccessKey, nowMs }: { readonly secretAccessKey: string; readonly nowMs: number },
): boolean {
  const { date, region, service, signedHeaders } = claim;
  const time = String(request.headers['x-amz-date'] ?? '');
  const signedAtMs = timeOf(time);
  if (signedAtMs === undefined || !time.startsWith(date)) return false;
  if (Math.abs(nowMs - signedAtMs) > MOST_SKEW_MS) return false;
  // What is not signed could be another's: the host always, and all that AWS itself reads.
  const mustBeSigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  if (!['host', ...mustBeSigned].every((name) => signedHeaders.includes(name))) return false;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [ALGORITHM, time, scope, sha256(canonicalRequest(request, signedHeaders))];
  const key = [region, service, 'aws4_request'].reduce(
    (parent, part) => hmac(parent, part),
    hmac(`AWS4${secretAccessKey}`, date),
  );
  const expected = hmac(key, toSign.join('\n'));
  return timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'));
}

/** `20261126T103000Z` in milliseconds. */
function timeOf(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function canonicalRequest(
  { method, path, rawQuery, headers, body }: SignedRequest,
  signedHeaders: readonly string[],
): string {
  const named = signedHeaders.map((name) => {
    const value = [headers[name] ?? ''].flat().join(',');
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  return [
    method,
    // Encoded a second time, as every service but S3 wants it.
    path.split('/').map(encode).join('/'),
    canonicalQuery(rawQuery),
    named.join(''),
    signedHeaders.join(';'),
    // A body other than what was signed has another hash, whatever the header says.
    sha256(body),
  ].join('\n');
}

function canonicalQuery(rawQuery: string): string {
  const pairs = rawQuery
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')].map((each) => encode(decode(each)));
    });
  return pairs
    .map((pair) => pair.join('='))
    .sort()
    .join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** By RFC 3986: all but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
