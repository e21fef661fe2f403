import { expect, test } from 'vitest';
import { Stack } from '#local/cloud/stack.ts';
import { parseTemplate } from '#local/cloud/template.ts';
import { TemplateError } from '#local/cloud/template-error.ts';

const exports = new Map<string, unknown>();

function aStack(template: object, name = 'concierge-dev'): Stack {
  return new Stack(
    {
      name,
      template: parseTemplate(template, name),
      account: undefined,
      region: undefined,
      assets: new Map(),
    },
    { account: '000000000000', region: 'eu-west-1', awsUrl: 'http://127.0.0.1:4566', exports },
  );
}

function propertiesOf(stack: Stack, type: string) {
  return stack.resources(type).map((each) => stack.properties(each).raw);
}

test('a resource that others point at goes by the name and ARN that the cloud would give it', () => {
  const stack = aStack({
    Resources: {
      Chats: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'tenants' } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Url: { Ref: 'Chats' },
          Arn: { 'Fn::GetAtt': ['Chats', 'Arn'] },
          Table: { Ref: 'Table' },
        },
      },
    },
  });
  const name = stack.identityOf('Chats').attributes['QueueName'];
  expect(name).toMatch(/^concierge-dev-Chats-[0-9A-F]{12}\.fifo$/);
  expect(propertiesOf(stack, 'AWS::Lambda::Function')).toEqual([
    {
      Url: `http://127.0.0.1:4566/000000000000/${name}`,
      Arn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
      Table: 'tenants',
    },
  ]);
});

test('a generated name is the same each time, so that kept data is found again', () => {
  const template = { Resources: { Chats: { Type: 'AWS::SQS::Queue' } } };
  expect(aStack(template).identityOf('Chats')).toEqual(aStack(template).identityOf('Chats'));
});

test('one stack reads what another exports', () => {
  aStack(
    {
      Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'tenants' } } },
      Outputs: { Out: { Value: { Ref: 'Table' }, Export: { Name: 'stateful:Table' } } },
    },
    'stateful',
  );
  const service = aStack({
    Resources: {
      Log: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: { 'Fn::ImportValue': 'stateful:Table' } },
      },
    },
  });
  expect(propertiesOf(service, 'AWS::Logs::LogGroup')).toEqual([{ LogGroupName: 'tenants' }]);
});

test('outputs are told by their names, as CloudFormation tells them', () => {
  const { outputs } = aStack({
    Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'tenants' } } },
    Outputs: {
      TableName: { Value: { Ref: 'Table' } },
      Shared: { Value: { Ref: 'Table' }, Export: { Name: 'outputs:Shared' } },
    },
  });
  expect(Object.fromEntries(outputs)).toEqual({ TableName: 'tenants' });
});

test('a resource whose condition does not hold is not there', () => {
  const stack = aStack({
    Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { Chats: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
  });
  expect(stack.resources('AWS::SQS::Queue')).toEqual([]);
});

test.each([
  [{ Resources: { Bus: { Type: 'AWS::Events::EventBus' } } }, /^Bus: .*AWS::Events::EventBus/],
  [{ Resources: {}, Transform: 'AWS::Serverless' }, /^concierge-dev: .*Transform/],
  [
    {
      Parameters: { Size: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/size' } },
      Resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { A: { Ref: 'Size' } } } },
      Outputs: { Out: { Value: { Ref: 'Size' } } },
    },
    /^Size: only parameters of type String/,
  ],
])('what is unknown is an error that names it: %j', (template, message) => {
  expect(() => aStack(template)).toThrow(TemplateError);
  expect(() => aStack(template)).toThrow(message);
});
