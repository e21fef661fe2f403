import { describe, expect, it } from 'vitest';
import { stageNames } from '#lib/config/stages.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf, statementsOf } from '../support/template-functions.ts';
import { inWords } from '../support/template-text.ts';

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

/** Function, resource, actions: a grant that is missing here or there fails. */
function expectedGrants(stage: string): Record<string, Record<string, string[]>> {
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
      PlatformSecret: ['secretsmanager:GetSecretValue'],
      [`arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:concierge/${stage}/tenant/*`]:
        ['secretsmanager:GetSecretValue'],
    },
    events: {
      ...traces,
      ...writesOwnLogs('EventsWorker'),
      ...writesEncryptedTable,
      'Conversations.Arn': ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
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

describe.each(stageNames)('the roles of %s', (stage) => {
  const templates = synthesizeStage(stage);
  const functions = functionsOf(templates);

  it('belong to the functions that this table lists', () => {
    expect([...functions.keys()].sort()).toEqual(Object.keys(expectedGrants(stage)).sort());
  });

  it.each(Object.entries(expectedGrants(stage)))('%s may do exactly this', (folder, expected) => {
    const deployed = functions.get(folder);
    if (!deployed) throw new Error(`no function ${folder}`);
    const granted: Record<string, string[]> = {};
    for (const { Effect, Action, Resource, Condition } of statementsOf(templates, deployed)) {
      expect({ Effect, Condition }).toEqual({ Effect: 'Allow', Condition: undefined });
      for (const resource of [Resource].flat()) {
        const name = inWords(templates, resource);
        granted[name] = [...(granted[name] ?? []), ...[Action].flat()].sort();
      }
    }
    expect(granted).toEqual(expected);
  });

  it('each have one function, no managed policy, and are taken by Lambda alone', () => {
    const roles = templates.service.findResources('AWS::IAM::Role');
    const used = [...functions.values()].map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
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
});
