import { randomUUID } from 'node:crypto';
import type { Callers } from '../callers.ts';
import type { PeerRequest, PeerResponse } from '../peer-server.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import { performS3, s3Refusal } from '../s3/s3-api.ts';
import { S3Error } from '../s3/s3-error.ts';
import { readS3Request, type S3Request } from '../s3/s3-request.ts';
import { firstRefusal } from './authorisation.ts';
import type { Permission } from './aws-service.ts';
import type { PolicyStatement, RoleBook } from './iam.ts';
import { type KeyBook, type KeyUse, keyAccess } from './key-access.ts';
import { LOCAL_OPERATOR } from './local-operator.ts';

/** What the policies on the buckets themselves say. */
export interface BucketPolicies {
  statementsOf(bucket: string): readonly PolicyStatement[];
}

export interface S3DoorOptions {
  readonly s3: ObjectStore;
  readonly bucketPolicies: BucketPolicies;
  readonly callers: Callers;
  readonly roles: RoleBook;
  readonly keys: KeyBook;
  readonly region: string;
  readonly accountId: string;
}

/** S3 is told from the other services by what its requests are signed for: it has no target header. */
export function isForS3({ headers }: PeerRequest): boolean {
  return /Credential=[^,\s]+\/s3\/aws4_request/.test(headers.authorization ?? '');
}

/** S3 as functions and the operator reach it, each held to its policies. */
export function respondAsS3(
  accessKeyId: string | undefined,
  request: PeerRequest,
  options: S3DoorOptions,
): PeerResponse {
  try {
    const wanted = readS3Request(request);
    authorise(accessKeyId, wanted, options);
    hideAbsent(accessKeyId, wanted, options);
    return identified(performS3(wanted, request, options.s3));
  } catch (error) {
    if (error instanceof S3Error) return identified(s3Refusal(error));
    throw error;
  }
}

/** A fault in the words of S3. */
export function refuseAsS3(fault: {
  readonly kind: string;
  readonly status?: number;
}): PeerResponse {
  if (fault.kind === 'throttle') {
    return identified(
      s3Refusal({ status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' }),
    );
  }
  const message = 'We encountered an internal error. Please try again.';
  return identified(s3Refusal({ status: fault.status ?? 500, code: 'InternalError', message }));
}

function authorise(
  accessKeyId: string | undefined,
  wanted: S3Request,
  options: S3DoorOptions,
): void {
  if (accessKeyId === undefined) throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const caller = options.callers.get(accessKeyId);
  if (!caller) {
    if (accessKeyId === LOCAL_OPERATOR) return;
    throw new S3Error(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  const refused = firstRefusal(permissionsFor(wanted, options), caller, options);
  if (refused) throw new S3Error(403, 'AccessDenied', refused.message);
}

/**
 * Who may not list a bucket is not told what is not there: GetObject answers such a caller with 403
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions").
 */
function hideAbsent(
  accessKeyId: string | undefined,
  wanted: S3Request,
  options: S3DoorOptions,
): void {
  if (wanted.operation !== 'GetObject' && wanted.operation !== 'HeadObject') return;
  if (options.s3.get(wanted.bucket, wanted.key)) return;
  authorise(accessKeyId, { ...wanted, operation: 'ListObjectsV2' }, options);
}

const KEY_USE: Readonly<Record<S3Request['operation'], KeyUse>> = {
  PutObject: 'write',
  GetObject: 'read',
  HeadObject: 'read',
  DeleteObject: undefined,
  ListObjectsV2: undefined,
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function permissionsFor(
  { operation, bucket, key, tags }: S3Request,
  { keys, region, bucketPolicies }: S3DoorOptions,
): readonly Permission[] {
  const bucketArn = `arn:aws:s3:::${bucket}`;
  const objectArn = `${bucketArn}/${key}`;
  const about = {
    // What the plain HTTP of this machine stands for.
    context: { 'aws:SecureTransport': 'true' },
    resourceStatements: bucketPolicies.statementsOf(bucket),
  };
  const own: readonly Permission[] = [
    operation === 'ListObjectsV2'
      ? { action: 's3:ListBucket', resource: bucketArn, ...about }
      : { action: actionOf(operation), resource: objectArn, ...about },
    ...(Object.keys(tags).length > 0
      ? [{ action: 's3:PutObjectTagging', resource: objectArn, ...about }]
      : []),
  ];
  // With a key of the bucket, as here, what is encrypted is bound to the bucket.
  const encryptionContext = { 'aws:s3:arn': bucketArn };
  return [
    ...own,
    ...keyAccess(keys, bucketArn, KEY_USE[operation], { service: 's3', region, encryptionContext }),
  ];
}

function actionOf(operation: Exclude<S3Request['operation'], 'ListObjectsV2'>): string {
  return operation === 'HeadObject' ? 's3:GetObject' : `s3:${operation}`;
}

function identified(response: PeerResponse): PeerResponse {
  return { ...response, headers: { 'x-amz-request-id': randomUUID(), ...response.headers } };
}
