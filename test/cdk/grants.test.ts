import { describe, expect, it } from 'vitest';
import { type SecretsConfig, stageNames } from '#lib/config/stages.ts';
import { deployments } from '../../bin/deployments.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf, statementsOf } from '../support/template-functions.ts';
import { inWords, nameOf } from '../support/template-text.ts';

type TenantVault = SecretsConfig['tenantVault'];

const writesEncryptedTable = {
  'Key.Arn': [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
};

/** X-Ray knows no resources: the only `*` there is. */
const traces = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };

function writesOwnLogs(construct: string): Record<string, string[]> {
  return { [`${construct}Logs.Arn`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] };
}

/** The vault of tenants' secrets, as the processor reads it: exactly one of the two. */
function readsTenantSecrets(stage: string): Record<TenantVault, Record<string, string[]>> {
  return {
    'secrets-manager': {
      [`arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:concierge/${stage}/tenant/*`]:
        ['secretsmanager:GetSecretValue'],
    },
    'tenants-table': {
      'TenantSecretsKey.Arn if {"StringEquals":{"kms:EncryptionContext:purpose":"tenant-secret"}}':
        ['kms:Decrypt'],
    },
  };
}

/** Function, resource, actions: a grant that is missing here or there fails. */
function expectedGrants(
  stage: string,
  tenantVault: TenantVault,
): Record<string, Record<string, string[]>> {
  return {
    ingest: {
      ...traces,
      ...writesOwnLogs('Ingest'),
      ...writesEncryptedTable,
      'Conversations.Arn': ['dynamodb:PutItem'],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
      'EventsQueue.Arn': ['sqs:SendMessage'],
      PlatformSecret: ['secretsmanager:GetSecretValue'],
    },
    processor: {
      ...traces,
      ...writesOwnLogs('Processor'),
      ...writesEncryptedTable,
      'Tenants.Arn': ['dynamodb:GetItem'],
      'Conversations.Arn': [
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
      PlatformSecret: ['secretsmanager:GetSecretValue'],
      ...readsTenantSecrets(stage)[tenantVault],
    },
    events: {
      ...traces,
      ...writesOwnLogs('EventsWorker'),
      ...writesEncryptedTable,
      'Conversations.Arn': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
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
      ...writesEncryptedTable,
      'Conversations.Arn': ['dynamodb:UpdateItem'],
      'Conversations.Arn/index/unfinished': ['dynamodb:Query'],
      'ChatsQueue.Arn': ['sqs:SendMessage'],
    },
    health: {
      ...traces,
      ...writesOwnLogs('Health'),
      'Tenants.Arn': ['dynamodb:DescribeTable'],
      'Conversations.Arn': ['dynamodb:DescribeTable'],
      'ChatsQueue.Arn': ['sqs:GetQueueAttributes'],
      'EventsQueue.Arn': ['sqs:GetQueueAttributes'],
      PlatformSecret: ['secretsmanager:GetSecretValue'],
      'Key.Arn': ['kms:Decrypt'],
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
          const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
          const name = inWords(templates, resource) + condition;
          granted[name] = [...(granted[name] ?? []), ...[Action].flat()].sort();
        }
      }
      expect(granted).toEqual(expected);
    });

    it('each have one function, no managed policy, and are taken by Lambda alone', () => {
      const roles = templates.service.findResources('AWS::IAM::Role');
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
