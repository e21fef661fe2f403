import type { PeerRequest } from '../peer-server.ts';
import { notImplemented, S3Error } from './s3-error.ts';

/** What is asked of S3, as far as it is known here. */
type S3Operation = 'PutObject' | 'GetObject' | 'HeadObject' | 'DeleteObject' | 'ListObjectsV2';

export interface S3Request {
  readonly operation: S3Operation;
  readonly bucket: string;
  /** Empty where it is about the bucket. */
  readonly key: string;
  readonly tags: Readonly<Record<string, string>>;
}

const OBJECT_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

/** Parameters that change what a request means; any other one would be another operation. */
const PARAMETERS = ['x-id', 'list-type', 'prefix', 'max-keys', 'continuation-token'];

/**
 * Addresses are of the path's style, as the SDK writes them for an IP address: `/bucket/key`.
 * @throws S3Error 501 for what is not known here: passed over, it would look as if it worked
 */
export function readS3Request({ method, path, query, headers }: PeerRequest): S3Request {
  const [, bucket = '', ...rest] = path.split('/');
  const key = rest.map(decodeURIComponent).join('/');
  const odd = [...query.keys()].find((name) => !PARAMETERS.includes(name));
  if (odd !== undefined) throw notImplemented(`the parameter ${odd}`);
  if (headers['content-encoding']?.includes('aws-chunked')) {
    throw notImplemented('bodies in chunks: send bytes, not a stream');
  }
  for (const name of ['x-amz-copy-source', 'range', 'if-none-match', 'if-match']) {
    if (headers[name] !== undefined) throw notImplemented(`the header ${name}`);
  }
  const operation = key === '' ? bucketOperation(method, query) : OBJECT_OPERATIONS[method];
  if (!operation || bucket === '') throw notImplemented(`${method} here`);
  return { operation, bucket, key, tags: readTags(headers['x-amz-tagging']) };
}

function bucketOperation(method: string, query: URLSearchParams): S3Operation | undefined {
  return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
}

function readTags(header: string | string[] | undefined): Readonly<Record<string, string>> {
  const tags = [...new URLSearchParams(String(header ?? ''))];
  if (tags.length > 10)
    throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
  return Object.fromEntries(tags);
}
