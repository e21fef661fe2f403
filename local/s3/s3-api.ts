import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PeerRequest, PeerResponse } from '../peer-server.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { noSuchKey, S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

const PAGE = 1_000;
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Carries out what its caller is allowed. @throws S3Error */
export function performS3(
  { operation, bucket, key, tags }: S3Request,
  request: PeerRequest,
  store: ObjectStore,
): PeerResponse {
  switch (operation) {
    case 'PutObject': {
      checkIntegrity(request);
      const contentType = request.headers['content-type'] ?? 'application/octet-stream';
      const stored = store.put({ bucket, key, bytes: request.body, contentType, tags });
      return { status: 200, headers: { etag: etagOf(stored) }, body: '' };
    }
    case 'GetObject':
    case 'HeadObject': {
      const found = store.get(bucket, key);
      if (!found) throw noSuchKey();
      return {
        status: 200,
        headers: describe(found),
        body: operation === 'GetObject' ? found.bytes : '',
      };
    }
    case 'DeleteObject':
      store.delete(bucket, key);
      return { status: 204, body: '' };
    case 'ListObjectsV2':
      return list(bucket, request.query, store);
  }
}

/** What went wrong, in S3's words. */
export function s3Refusal({
  status,
  code,
  message,
}: Pick<S3Error, 'status' | 'code' | 'message'>): PeerResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** The SDK sends a checksum of the body along; S3 keeps nothing that does not fit it. */
function checkIntegrity({ headers, body }: PeerRequest): void {
  const sent = headers['x-amz-checksum-crc32'];
  if (sent !== undefined) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    if (sum.toString('base64') !== sent) {
      throw new S3Error(
        400,
        'BadDigest',
        'The CRC32 you specified did not match the calculated checksum.',
      );
    }
  }
  const declared = headers['x-amz-content-sha256'];
  if (typeof declared === 'string' && /^[0-9a-f]{64}$/.test(declared)) {
    if (createHash('sha256').update(body).digest('hex') !== declared) {
      throw new S3Error(
        400,
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
  }
}

function describe(object: StoredObject): Readonly<Record<string, string>> {
  return {
    'content-type': object.contentType,
    'content-length': String(object.bytes.length),
    'last-modified': new Date(object.modifiedAtMs).toUTCString(),
    etag: etagOf(object),
    'x-amz-tagging-count': String(Object.keys(object.tags).length),
  };
}

function etagOf({ bytes }: StoredObject): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function list(bucket: string, query: URLSearchParams, store: ObjectStore): PeerResponse {
  const prefix = query.get('prefix') ?? '';
  const asked = Number(query.get('max-keys') ?? PAGE);
  const size = Math.min(Number.isInteger(asked) && asked > 0 ? asked : PAGE, PAGE);
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const all = store.list(bucket, prefix).filter(({ key }) => key > after);
  const page = all.slice(0, size);
  const last = page.at(-1);
  const isCut = all.length > page.length && last !== undefined;
  const next = isCut
    ? `<NextContinuationToken>${Buffer.from(last.key).toString('base64url')}</NextContinuationToken>`
    : '';
  const contents = page.map(
    (each) =>
      `<Contents><Key>${escapeXml(each.key)}</Key><LastModified>${new Date(each.modifiedAtMs).toISOString()}</LastModified><ETag>${escapeXml(etagOf(each))}</ETag><Size>${each.bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="${NAMESPACE}"><Name>${bucket}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${size}</MaxKeys><IsTruncated>${isCut}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
