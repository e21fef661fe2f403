import { describe, expect, it } from 'vitest';
import { DEFAULT_RETENTION_DAYS, LEAST_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import { stageNames } from '#lib/config/stages.ts';
import { mediaKeepDays } from '#lib/constructs/media-bucket.ts';
import { present } from '#test/support/builders.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { inWords, nameOf } from '../support/template-text.ts';

describe.each(stageNames)('the stateful stack of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { stateful } = templates;
  const { disposable, recovery } = deployments[stage];
  /** But for the backups: test/cdk/backups.test.ts. */
  const state = Object.entries<Deletable>(stateful.toJSON()['Resources'])
    .filter(([id]) => !id.startsWith('Backups'))
    .map(([, resource]) => resource);
  const keptOrNot = disposable ? 'Delete' : 'Retain';

  function table(name: string) {
    const tables = stateful.findResources('AWS::DynamoDB::Table');
    const found = Object.entries(tables).find(([id]) => nameOf(id) === name)?.[1];
    if (!found) throw new Error(`no table ${name}`);
    return found;
  }

  it('holds nothing but two tables with their alarms, a bucket with its policy, two keys and one secret', () => {
    const types = state.map(({ Type }) => Type);
    expect(types.sort()).toEqual([
      ...Array(4).fill('AWS::CloudWatch::Alarm'),
      'AWS::DynamoDB::Table',
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::KMS::Key',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SecretsManager::Secret',
    ]);
  });

  it('cannot be deleted by accident, unless it is disposable', () => {
    expect(templates.terminationProtection).toEqual({ stateful: !disposable, service: false });
    // An alarm holds nothing.
    const kept = state.filter(({ Type }) => Type !== 'AWS::CloudWatch::Alarm');
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept) {
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: keptOrNot,
        UpdateReplacePolicy: keptOrNot,
      });
    }
  });

  it('keeps what customers sent encrypted, closed to the public and to plain HTTP', () => {
    const [bucket] = Object.values(stateful.findResources('AWS::S3::Bucket'));
    const { Properties: properties } = present(bucket);
    const [rule] = properties['BucketEncryption']['ServerSideEncryptionConfiguration'];
    expect(rule).toMatchObject({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
    });
    expect(inWords(templates, rule['ServerSideEncryptionByDefault']['KMSMasterKeyID'])).toBe(
      'Key.Arn',
    );
    expect(properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(properties).not.toHaveProperty('VersioningConfiguration');
    stateful.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('ends what customers sent by its tag, a day before the tag says', () => {
    const [bucket] = Object.values(stateful.findResources('AWS::S3::Bucket'));
    const rules: {
      readonly ExpirationInDays: number;
      readonly Prefix: string;
      readonly TagFilters: readonly { readonly Key: string; readonly Value: string }[];
    }[] = present(bucket)['Properties']['LifecycleConfiguration']['Rules'];
    for (const { ExpirationInDays, Prefix, TagFilters } of rules) {
      expect({ Prefix, TagFilters }).toEqual({
        Prefix: 'tenant/',
        TagFilters: [{ Key: 'keep-days', Value: String(ExpirationInDays + 1) }],
      });
    }
    expect(rules.map(({ ExpirationInDays }) => ExpirationInDays + 1)).toEqual([...mediaKeepDays]);
    expect(mediaKeepDays).toContain(DEFAULT_RETENTION_DAYS);
    expect(mediaKeepDays[0]).toBe(LEAST_RETENTION_DAYS);
  });

  it.each(['Tenants', 'Conversations'])(
    'keeps %s recoverable, encrypted and paid by use',
    (name) => {
      const { Properties: properties } = table(name);
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: !disposable,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: true,
          RecoveryPeriodInDays: recovery.pointInTimeDays,
        },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      });
      expect(inWords(templates, properties.SSESpecification.KMSMasterKeyId)).toBe('Key.Arn');
    },
  );

  it('finds chats by tenant and messages that are unfinished, and nothing else', () => {
    expect(table('Tenants')['Properties'].GlobalSecondaryIndexes).toBeUndefined();
    expect(table('Conversations')['Properties'].GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byTenant',
        KeySchema: [
          { AttributeName: 'tenantId', KeyType: 'HASH' },
          { AttributeName: 'lastMessageAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'flag'] },
      },
      {
        IndexName: 'unfinished',
        KeySchema: [
          { AttributeName: 'unfinishedShard', KeyType: 'HASH' },
          { AttributeName: 'acceptedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: [
            'rings',
            'rungAt',
            'correlationId',
            'parkReason',
            'parkClass',
            'parkPeer',
            'parkCode',
            'parkAttempts',
          ],
        },
      },
    ]);
    expect(table('Conversations')['Properties'].AttributeDefinitions).toEqual([
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'tenantId', AttributeType: 'S' },
      { AttributeName: 'lastMessageAt', AttributeType: 'N' },
      { AttributeName: 'unfinishedShard', AttributeType: 'S' },
      { AttributeName: 'acceptedAt', AttributeType: 'N' },
    ]);
  });

  it('creates the platform secret empty, under the name that the operator is told', () => {
    const [secret] = Object.values(stateful.findResources('AWS::SecretsManager::Secret'));
    expect(Object.keys(secret?.['Properties']).sort()).toEqual(['Description', 'KmsKeyId', 'Name']);
    expect(secret?.['Properties'].Name).toBe(`concierge/${stage}/platform`);
    expect(inWords(templates, secret?.['Properties'].KmsKeyId)).toBe('Key.Arn');
    stateful.hasOutput('PlatformSecretName', { Value: `concierge/${stage}/platform` });
  });

  it('rotates its keys', () => {
    stateful.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('tells where the operator finds secrets and keys, whichever vault the functions read', () => {
    const outputOf = (name: string) =>
      inWords(templates, stateful.findOutputs(name)[name]?.['Value']);
    expect(outputOf('SecretsKeyArn')).toBe('Key.Arn');
    expect(outputOf('TenantSecretsKeyArn')).toBe('TenantSecretsKey.Arn');
    const { tenantVault } = deployments[stage].secrets;
    templates.service.hasOutput('TenantVault', { Value: tenantVault });
  });
});

interface Deletable {
  readonly Type: string;
  readonly DeletionPolicy: string;
  readonly UpdateReplacePolicy: string;
}
