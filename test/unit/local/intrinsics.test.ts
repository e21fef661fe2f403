// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has its own placeholders
import { describe, expect, test } from 'vitest';
import { resolveIntrinsics, type TemplateScope } from '#local/cloud/intrinsics.ts';
import { TemplateError } from '#local/cloud/template-error.ts';

const scope: TemplateScope = {
  region: 'eu-west-1',
  mappings: { Sizes: { dev: { memory: 256 } } },
  conditions: {
    Always: { 'Fn::Equals': ['a', 'a'] },
    Never: { 'Fn::Not': [{ Condition: 'Always' }] },
    Both: { 'Fn::And': [{ Condition: 'Always' }, { Condition: 'Never' }] },
    Either: { 'Fn::Or': [{ Condition: 'Always' }, { Condition: 'Never' }] },
  },
  reference: (id) => ({ Queue: 'http://queue', 'AWS::Region': 'eu-west-1' })[id],
  attribute: (id, attribute) =>
    id === 'Queue' && attribute === 'Arn' ? 'arn:aws:sqs:queue' : undefined,
  imported: (name) => ({ 'stateful:Table': 'tenants' })[name],
};

function resolve(value: unknown): unknown {
  return resolveIntrinsics(value, scope, 'Function');
}

describe('resolves', () => {
  test.each([
    [{ Ref: 'Queue' }, 'http://queue'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:queue'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:queue'],
    [
      { 'Fn::Sub': 'in ${AWS::Region}: ${Queue.Arn} ${!kept}' },
      'in eu-west-1: arn:aws:sqs:queue ${kept}',
    ],
    [{ 'Fn::Sub': ['${a}-${Queue}', { a: { Ref: 'AWS::Region' } }] }, 'eu-west-1-http://queue'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Queue' }, 3]] }, 'a/http://queue/3'],
    [{ 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }, ['arn', 'aws', 'sqs', 'queue']],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', 'a-b'] }] }, 'b'],
    [{ 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] }, 256],
    [{ 'Fn::If': ['Always', { Ref: 'Queue' }, 'no'] }, 'http://queue'],
    [{ 'Fn::If': ['Never', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::ImportValue': 'stateful:Table' }, 'tenants'],
    [{ 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [{ deep: [{ Ref: 'Queue' }, 1, true, null] }, { deep: ['http://queue', 1, true, null] }],
    [
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  ])('%j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  test('a property without value by leaving it out', () => {
    const noValue = { Ref: 'AWS::NoValue' };
    expect(
      resolve({ a: noValue, b: { 'Fn::If': ['Never', 1, noValue] }, c: [noValue, 1] }),
    ).toEqual({
      c: [1],
    });
  });
});

describe('names the logical id and the problem of', () => {
  test.each([
    [{ Ref: 'Missing' }, /Function: Ref Missing/],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, /Function: Fn::GetAtt Queue\.Colour/],
    [{ 'Fn::Sub': '${Missing}' }, /Function: Ref Missing/],
    [{ 'Fn::ImportValue': 'other:Table' }, /Function: no stack .* exports other:Table/],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }, /Function: the function Fn::Cidr is unknown/],
    [{ 'Fn::If': ['Sometimes', 1, 2] }, /Function: there is no condition Sometimes/],
    [{ 'Fn::Select': [4, ['a']] }, /Function: Fn::Select points past/],
    [{ 'Fn::FindInMap': ['Sizes', 'prod', 'memory'] }, /Function: the mapping Sizes/],
    ['{{resolve:secretsmanager:platform}}', /Function: dynamic references/],
  ])('%j', (value, message) => {
    expect(() => resolve(value)).toThrow(TemplateError);
    expect(() => resolve(value)).toThrow(message);
  });
});
