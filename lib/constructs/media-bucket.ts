import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface MediaBucketProps {
  readonly key: IKey;
  /** True lets the bucket be deleted with its stack, once it is empty. */
  readonly disposable: boolean;
}

/**
 * How long an object is kept is its tag `keep-days`, one of these: a bucket has no time to live of each
 * object's own. Whoever puts one rounds its tenant's retention down to the next of them.
 */
export const mediaKeepDays = [30, 60, 90, 120, 180, 270, 365, 730, 1825, 3650] as const;

/** Everything of a tenant's lies under this and its id. */
export const mediaPrefix = 'tenant/';

/**
 * What customers sent. Not versioned: an erased object has to be gone, and each is written once or again
 * with the same bytes. Disposable or not, CloudFormation deletes no bucket with objects in it.
 */
export class MediaBucket extends Bucket {
  constructor(scope: Construct, id: string, { key, disposable }: MediaBucketProps) {
    const removalPolicy = disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    super(scope, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      // One call of KMS for many objects, and one encryption context for all: the bucket's ARN.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: false,
      lifecycleRules: mediaKeepDays.map(expiryAfter),
      removalPolicy,
    });
    // A bucket that stays keeps what holds its callers to TLS.
    this.policy?.applyRemovalPolicy(removalPolicy);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only the functions and the operator reach it. Access logs in another bucket would outlive an erasure; data events of CloudTrail tell the same.',
    });
  }
}

/** S3 lets a time end at the midnight that follows it: a day less, so that nothing is kept for longer. */
function expiryAfter(days: (typeof mediaKeepDays)[number]): LifecycleRule {
  return {
    id: `keep-${days}-days`,
    prefix: mediaPrefix,
    tagFilters: { 'keep-days': String(days) },
    expiration: Duration.days(days - 1),
  };
}
