import type { PolicyStatement } from '../aws/iam.ts';
import type { BucketPolicies } from '../aws/s3-door.ts';
import type { ExpiryRule, ObjectStore } from '../s3/object-store.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { Properties } from './properties.ts';
import type { Stack } from './stack.ts';
import { TemplateError } from './template-error.ts';

/** The last of these change nothing for who is allowed in. */
const KNOWN = [
  'BucketEncryption',
  'BucketName',
  'LifecycleConfiguration',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
];

/** Creates the template's buckets, and keeps what the policies on them say. */
export function deployBuckets(
  stacks: readonly Stack[],
  s3: ObjectStore,
  keys: CustomerKeys,
): BucketPolicies {
  const policies = new Map<string, readonly PolicyStatement[]>();
  for (const stack of stacks) {
    for (const resource of stack.resources('AWS::S3::Bucket')) {
      const properties = stack.properties(resource);
      properties.allowOnly(KNOWN);
      const { ref, attributes } = stack.identityOf(resource.logicalId);
      s3.createBucket(ref, expiryRules(properties));
      keys.use(attributes['Arn'] ?? '', keyOf(properties));
    }
    for (const resource of stack.resources('AWS::S3::BucketPolicy')) {
      const properties = stack.properties(resource);
      const document = properties.object('PolicyDocument');
      policies.set(
        properties.text('Bucket'),
        document.objects('Statement').map(({ raw }) => raw),
      );
    }
  }
  return { statementsOf: (bucket) => policies.get(bucket) ?? [] };
}

function keyOf(properties: Properties): string | undefined {
  const [rule] =
    properties.optionalObject('BucketEncryption')?.objects('ServerSideEncryptionConfiguration') ??
    [];
  if (!rule) return undefined;
  const byDefault = rule.object('ServerSideEncryptionByDefault');
  const isOfBucket = rule.optionalFlag('BucketKeyEnabled') === true;
  if (byDefault.text('SSEAlgorithm') === 'aws:kms' && !isOfBucket) {
    throw new TemplateError(
      properties.logicalId,
      'give it a bucket key: without one each object is another encryption context',
    );
  }
  return byDefault.optionalText('KMSMasterKeyID');
}

function expiryRules(properties: Properties): readonly ExpiryRule[] {
  const rules = properties.optionalObject('LifecycleConfiguration')?.objects('Rules') ?? [];
  return rules.map((rule) => {
    rule.allowOnly(['ExpirationInDays', 'Id', 'Prefix', 'Status', 'TagFilters']);
    const [tag, ...more] = rule.objects('TagFilters');
    const days = rule.optionalNumber('ExpirationInDays');
    if (rule.text('Status') !== 'Enabled' || days === undefined || more.length > 0) {
      throw new TemplateError(
        properties.logicalId,
        'a lifecycle rule here expires objects, by one tag at most',
      );
    }
    return {
      prefix: rule.optionalText('Prefix') ?? '',
      tag: tag && { key: tag.text('Key'), value: tag.text('Value') },
      days,
    };
  });
}
