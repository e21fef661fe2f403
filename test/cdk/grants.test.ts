import { describe, expect, it } from 'vitest';
import { CANARY_NUMBER } from '#domain/tenant/canary-tenant.ts';
import { type SecretsConfig, stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf, statementsOf } from '../support/template-functions.ts';
import { conditionInWords, inWords, nameOf } from '../support/template-text.ts';

type TenantVault = SecretsConfig['tenantVault'];

/** Resource, and the condition where there is one; then the actions. */
type Grants = Record<string, readonly string[]>;

function encryptedTables(...tables: readonly string[]): Grants {
  const via = '"kms:ViaService":"dynamodb.AWS::Region.amazonaws.com"';
  const names = JSON.stringify(tables);
  return {
    [`Key.Arn if {"StringEquals":{"kms:EncryptionContext:aws:dynamodb:tableName":${names},${via}}}`]:
      [
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
    [`Key.Arn if {"StringEquals":{${via}}}`]: ['kms:DescribeKey'],
  };
}

function secrets(...arns: readonly string[]): Grants {
  const via = '{"kms:ViaService":"secretsmanager.AWS::Region.amazonaws.com"}';
  const these = JSON.stringify(arns);
  return {
    [`Key.Arn if {"StringEquals":${via},"StringLike":{"kms:EncryptionContext:SecretARN":${these}}}`]:
      ['kms:Decrypt'],
    ...Object.fromEntries(arns.map((arn) => [arn, ['secretsmanager:GetSecretValue']])),
  };
}

/** Secrets that the operator puts under a prefix. */
function secretsUnder(prefix: string): string {
  return `arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:${prefix}*`;
}

/** A resource of which only items under these partition keys may be touched. */
function onlyIn(resource: string, ...keys: readonly string[]): string {
  const these = JSON.stringify(keys);
  return `${resource} if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":${these}},"Null":{"dynamodb:LeadingKeys":"false"}}`;
}

/** What lies under one prefix of a bucket, and the key for that bucket. */
function objectsUnder(bucket: string, prefix: string): Grants {
  const context = `"kms:EncryptionContext:aws:s3:arn":"${bucket}.Arn"`;
  const via = '"kms:ViaService":"s3.AWS::Region.amazonaws.com"';
  return {
    [`${bucket}.Arn/${prefix}*`]: [
      's3:DeleteObject',
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectTagging',
    ],
    [`Key.Arn if {"StringEquals":{${context},${via}}}`]: ['kms:Decrypt', 'kms:GenerateDataKey'],
  };
}

/** X-Ray knows no resources: the only `*` there is. */
const traces: Grants = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };

function writesOwnLogs(construct: string): Grants {
  return { [`${construct}Logs.Arn`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] };
}

/** The platform's secret, and the vault of tenants' secrets. */
function readsSecrets(stage: string, tenantVault: TenantVault): Grants {
  return { ...secrets('PlatformSecret'), ...readsTenantSecrets(stage, tenantVault) };
}

/** Exactly one of the two vaults. */
function readsTenantSecrets(stage: string, tenantVault: TenantVault): Grants {
  return tenantVault === 'secrets-manager'
    ? secrets(secretsUnder(`concierge/${stage}/tenant/`))
    : {
        'TenantSecretsKey.Arn if {"StringEquals":{"kms:EncryptionContext:purpose":"tenant-secret"}}':
          ['kms:Decrypt'],
      };
}

/** Function, resource, actions: a grant that is missing here or there fails. */
function expectedGrants(stage: string, tenantVault: TenantVault): Record<string, Grants> {
  return {
    ingest: {
      ...traces,
      ...writesOwnLogs('Ingest'),
      ...encryptedTables('Tenants', 'Conversations'),
      ...secrets('PlatformSecret', secretsUnder(`concierge/${stage}/app/`)),
      [onlyIn('Conversations.Arn', 'CHAT#*')]: ['dynamodb:PutItem'],
      // Which messages are there, and not what they say.
      'Conversations.Arn if {"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk"]},"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CHAT#*"]},"Null":{"dynamodb:LeadingKeys":"false"},"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}':
        ['dynamodb:BatchGetItem'],
      [onlyIn('Tenants.Arn', 'APP#*', 'PHONE#*')]: ['dynamodb:GetItem'],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
      'EventsQueue.Arn': ['sqs:SendMessage'],
    },
    processor: {
      ...traces,
      ...writesOwnLogs('Processor'),
      ...encryptedTables('Tenants', 'Conversations'),
      ...readsSecrets(stage, tenantVault),
      ...objectsUnder('Media', 'tenant/'),
      [onlyIn('Tenants.Arn', 'PHONE#*', 'TENANT#*')]: ['dynamodb:GetItem'],
      [onlyIn('Tenants.Arn', 'USAGE#*')]: ['dynamodb:UpdateItem'],
      [onlyIn('Conversations.Arn', 'CHAT#*')]: [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      'ChatsQueue.Arn': [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      'ChatsDeadLetters.Arn': ['sqs:SendMessage'],
      'JobsQueue.Arn': ['sqs:SendMessage'],
    },
    jobs: {
      ...traces,
      ...writesOwnLogs('JobsWorker'),
      ...encryptedTables('Tenants', 'Conversations'),
      ...readsSecrets(stage, tenantVault),
      [onlyIn('Tenants.Arn', 'PHONE#*', 'TENANT#*')]: ['dynamodb:GetItem'],
      [onlyIn('Tenants.Arn', 'USAGE#*')]: ['dynamodb:UpdateItem'],
      [onlyIn('Conversations.Arn', 'CHAT#*')]: [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
      ],
      'Conversations.Arn if {"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","v","expiresAt","headVersion","revision","ofTenant","beganAt","extractedUpTo","summarisedUpTo","forgottenUpTo","ids","kind","text","formerIds","category","confidence","times","level","source","seenAt"]},"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CHAT#*"]},"Null":{"dynamodb:LeadingKeys":"false"},"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}':
        ['dynamodb:PutItem'],
      'JobsDeadLetters.Arn': ['sqs:SendMessage'],
      Notices: ['sns:Publish'],
      'Key.Arn if {"StringEquals":{"kms:EncryptionContext:aws:sns:topicArn":"Notices","kms:ViaService":"sns.AWS::Region.amazonaws.com"}}':
        ['kms:Decrypt', 'kms:GenerateDataKey'],
      'JobsQueue.Arn': [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
      ],
    },
    events: {
      ...traces,
      ...writesOwnLogs('EventsWorker'),
      ...encryptedTables('Tenants', 'Conversations'),
      [onlyIn('Tenants.Arn', 'PHONE#*', 'TENANT#*')]: ['dynamodb:GetItem'],
      [onlyIn('Tenants.Arn', 'USAGE#*')]: ['dynamodb:UpdateItem'],
      [onlyIn('Conversations.Arn', 'CHAT#*')]: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [onlyIn('Conversations.Arn', 'EVENT#*')]: ['dynamodb:PutItem'],
      // An entry of an inbox, and no head: that has attributes which are not among these.
      'Conversations.Arn if {"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","v","direction","wamid","type","sentAt","userId","waId","raw","command","acceptedAt","position","correlationId","unfinishedShard","expiresAt"]},"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CHAT#*"]},"Null":{"dynamodb:LeadingKeys":"false"},"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}':
        ['dynamodb:PutItem'],
      'EventsQueue.Arn': [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
      ],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
    },
    sweeper: {
      ...traces,
      ...writesOwnLogs('Sweeper'),
      ...encryptedTables('Conversations'),
      'Conversations.Arn if {"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","rungAt","rings","unfinishedShard","parkReason"]},"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CHAT#*"]},"Null":{"dynamodb:LeadingKeys":"false"},"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}':
        ['dynamodb:UpdateItem'],
      [onlyIn('Conversations.Arn/index/unfinished', 'U#*')]: ['dynamodb:Query'],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
    },
    canary: {
      ...traces,
      ...writesOwnLogs('Canary'),
      ...encryptedTables('Conversations'),
      ...secrets('PlatformSecret'),
      [onlyIn('Conversations.Arn', `CHAT#${CANARY_NUMBER}#*`)]: ['dynamodb:Query'],
    },
    business: {
      ...traces,
      ...writesOwnLogs('Business'),
      ...encryptedTables('Tenants', 'Conversations'),
      [onlyIn('Tenants.Arn', 'PHONE#*', 'TENANT#*')]: ['dynamodb:GetItem'],
      [onlyIn('Conversations.Arn', 'CHAT#*')]: ['dynamodb:GetItem', 'dynamodb:Query'],
      // None of a head's own: what may name these only cannot write one.
      'Conversations.Arn if {"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","v","direction","wamid","type","sentAt","userId","waId","raw","command","acceptedAt","position","correlationId","unfinishedShard","expiresAt","commandAt","digest"]},"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CHAT#*"]},"Null":{"dynamodb:LeadingKeys":"false"},"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}':
        ['dynamodb:PutItem'],
      'Conversations.Arn/index/byTenant': ['dynamodb:Query'],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
    },
    health: {
      ...traces,
      ...writesOwnLogs('Health'),
      ...secrets('PlatformSecret'),
      'Tenants.Arn': ['dynamodb:DescribeTable'],
      'Conversations.Arn': ['dynamodb:DescribeTable'],
      'ChatsQueue.Arn': ['sqs:GetQueueAttributes'],
      'EventsQueue.Arn': ['sqs:GetQueueAttributes'],
      'JobsQueue.Arn': ['sqs:GetQueueAttributes'],
    },
  };
}

const everyStage = stageNames.map(
  (stage) => [stage, deployments[stage].secrets.tenantVault] as const,
);

describe.each([...everyStage, ['dev', 'tenants-table'] as const])(
  'the roles of %s, secrets in %s',
  (stage, tenantVault) => {
    const templates = synthesizeStage(stage, { secrets: { tenantVault } });
    const functions = functionsOf(templates);
    const expectedOf = expectedGrants(stage, tenantVault);

    it('belong to the functions that this table lists', () => {
      expect([...functions.keys()].sort()).toEqual(Object.keys(expectedOf).sort());
    });

    it.each(Object.entries(expectedOf))('%s may do exactly this', (folder, expected) => {
      const deployed = functions.get(folder);
      if (!deployed) throw new Error(`no function ${folder}`);
      const granted: Record<string, string[]> = {};
      for (const { Effect, Action, Resource, Condition } of statementsOf(templates, deployed)) {
        expect(Effect).toBe('Allow');
        for (const resource of [Resource].flat()) {
          const condition =
            Condition === undefined ? '' : ` if ${conditionInWords(templates, Condition)}`;
          const name = inWords(templates, resource) + condition;
          granted[name] = [...(granted[name] ?? []), ...[Action].flat()].sort();
        }
      }
      expect(granted).toEqual(expected);
    });

    it('each have one function, no managed policy, and are taken by Lambda alone', () => {
      const roles = Object.fromEntries(
        Object.entries(templates.service.findResources('AWS::IAM::Role')).filter(
          // What it may do: test/cdk/releases.test.ts.
          ([id]) => !id.startsWith('ReleasesRole'),
        ),
      );
      const used = [...functions.values()].map(
        ({ properties }) => properties.Role['Fn::GetAtt'][0],
      );
      expect(used.sort()).toEqual(Object.keys(roles).sort());
      for (const { Properties } of Object.values(roles)) {
        expect(Properties.ManagedPolicyArns).toBeUndefined();
        expect(Properties.Policies).toBeUndefined();
        expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
          },
        ]);
      }
    });
  },
);

it('lets one vault’s grant come before the function changes, and the other’s go after it', () => {
  const policiesOf = (tenantVault: TenantVault) => {
    const templates = synthesizeStage('dev', { secrets: { tenantVault } });
    const processor = functionsOf(templates).get('processor');
    const { DependsOn } = templates.service.findResources('AWS::Lambda::Function')[
      processor?.logicalId ?? ''
    ] as { DependsOn: readonly string[] };
    const policies = Object.keys(templates.service.findResources('AWS::IAM::Policy'));
    return policies.filter((id) => DependsOn.includes(id)).map(nameOf);
  };
  // Two policies of different names: the former one is deleted when all else is done.
  expect(policiesOf('secrets-manager')).toContain('ProcessorManagedTenantSecrets');
  expect(policiesOf('tenants-table')).toContain('ProcessorSealedTenantSecrets');
  expect(policiesOf('tenants-table')).not.toContain('ProcessorManagedTenantSecrets');
});
