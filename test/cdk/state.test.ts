import { describe, expect, it } from 'vitest';
import { stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { inWords, nameOf } from '../support/template-text.ts';

describe.each(stageNames)('the stateful stack of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const { stateful } = templates;
  const { disposable } = deployments[stage];
  const keptOrNot = disposable ? 'Delete' : 'Retain';

  function table(name: string) {
    const tables = stateful.findResources('AWS::DynamoDB::Table');
    const found = Object.entries(tables).find(([id]) => nameOf(id) === name)?.[1];
    if (!found) throw new Error(`no table ${name}`);
    return found;
  }

  it('holds nothing but two tables, two keys and one secret', () => {
    const types = Object.values(stateful.toJSON()['Resources']).map(
      (resource) => (resource as { Type: string }).Type,
    );
    expect(types.sort()).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::KMS::Key',
      'AWS::SecretsManager::Secret',
    ]);
  });

  it('cannot be deleted by accident, unless it is disposable', () => {
    expect(templates.terminationProtection).toEqual({ stateful: !disposable, service: false });
    const resources: { DeletionPolicy: string; UpdateReplacePolicy: string }[] = Object.values(
      stateful.toJSON()['Resources'],
    );
    for (const { DeletionPolicy, UpdateReplacePolicy } of resources) {
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: keptOrNot,
        UpdateReplacePolicy: keptOrNot,
      });
    }
  });

  it.each(['Tenants', 'Conversations'])(
    'keeps %s recoverable, encrypted and paid by use',
    (name) => {
      const { Properties: properties } = table(name);
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: !disposable,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
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
