import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';

/** Types that hold what cannot be made again, and the properties that CloudFormation changes only by a new one. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::Backup::BackupVault': ['BackupVaultName', 'EncryptionKeyArn'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SecretsManager::Secret': ['Name'],
};

/** What of the deployed stack would be gone, or made anew and empty, under the next template. */
export function lossesBetween(deployed: JsonObject, next: JsonObject): readonly string[] {
  const after = objectAt(next, 'Resources') ?? {};
  return Object.entries(objectAt(deployed, 'Resources') ?? {}).flatMap(([id, before]) => {
    const type = isObject(before) ? textAt(before, 'Type') : undefined;
    const fixed = type === undefined ? undefined : FIXED[type];
    if (!isObject(before) || !fixed) return [];
    const now = objectAt(after, id);
    if (!now || textAt(now, 'Type') !== type) return [`${id} (${type}) is gone`];
    return [...replaced(id, before, now, fixed), ...lostIndexes(id, before, now)];
  });
}

function replaced(
  id: string,
  before: JsonObject,
  now: JsonObject,
  fixed: readonly string[],
): readonly string[] {
  return fixed
    .filter((name) => !isDeepStrictEqual(propertyOf(before, name), propertyOf(now, name)))
    .map((name) => `${id} is made anew for another ${name}`);
}

/** An index that is made again is empty for as long as that takes, and gone for its readers. */
function lostIndexes(id: string, before: JsonObject, now: JsonObject): readonly string[] {
  const kept = new Map(indexesOf(now));
  return indexesOf(before)
    .filter(([name, index]) => !isDeepStrictEqual(kept.get(name), index))
    .map(([name]) => `index ${name} of ${id} is ${kept.has(name) ? 'made anew' : 'gone'}`);
}

function indexesOf(resource: JsonObject): readonly (readonly [string, unknown])[] {
  return listAt(objectAt(resource, 'Properties') ?? {}, 'GlobalSecondaryIndexes')
    .filter(isObject)
    .map((index) => [textAt(index, 'IndexName') ?? '', [index['KeySchema'], index['Projection']]]);
}

function propertyOf(resource: JsonObject, name: string): unknown {
  return objectAt(resource, 'Properties')?.[name];
}
