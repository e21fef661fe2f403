import { expect, test } from 'vitest';
import { InvokePermissions } from '#local/cloud/invoke-permissions.ts';
import { Stack } from '#local/cloud/stack.ts';
import { parseTemplate } from '#local/cloud/template.ts';
import { TemplateRoles } from '#local/cloud/template-roles.ts';
import { allow, aRole } from '#test/support/assembly.ts';

function aStack(resources: object): Stack {
  return new Stack(
    {
      name: 'app',
      template: parseTemplate({ Resources: resources }, 'app'),
      account: undefined,
      region: undefined,
      assets: new Map(),
    },
    {
      account: '000000000000',
      region: 'eu-west-1',
      awsUrl: 'http://127.0.0.1:1',
      exports: new Map(),
    },
  );
}

test('a role may do what its own and its attached policies say, with resources resolved', () => {
  const stack = aStack({
    Chats: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'chats' } },
    Role: aRole(allow('logs:PutLogEvents', '*')),
    Other: aRole(),
    Grants: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'Grants',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Statement: [allow('sqs:SendMessage', { 'Fn::GetAtt': ['Chats', 'Arn'] })],
        },
      },
    },
  });
  const roles = new TemplateRoles([stack]);
  expect(roles.statementsOf('Role')).toEqual([
    allow('logs:PutLogEvents', '*'),
    allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:000000000000:chats'),
  ]);
  expect(roles.statementsOf('Other')).toEqual([]);
});

test('a managed policy is an error that names the role', () => {
  const stack = aStack({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/A'] },
    },
  });
  expect(() => new TemplateRoles([stack])).toThrow(/^Role: managed policies/);
});

test.each([
  ['arn:aws:execute-api:eu-west-1:1:api/$default/GET/webhook', true],
  ['arn:aws:execute-api:eu-west-1:1:api/$default/GET/other', false],
])('a permission for one path covers %s: %s', (source, expected) => {
  const permissions = new InvokePermissions([
    aStack({
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: 'arn:ingest',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: 'arn:aws:execute-api:eu-west-1:1:api/*/*/webhook',
        },
      },
    }),
  ]);
  const ingest = { arn: 'arn:ingest', physicalName: 'ingest' };
  expect(permissions.allow(ingest, 'apigateway.amazonaws.com', source)).toBe(expected);
  expect(permissions.allow(ingest, 'events.amazonaws.com', source)).toBe(false);
  expect(
    permissions.allow({ arn: 'arn:x', physicalName: 'x' }, 'apigateway.amazonaws.com', source),
  ).toBe(false);
});
