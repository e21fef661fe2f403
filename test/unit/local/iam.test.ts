import { expect, test } from 'vitest';
import { decide, isAllowed, type PolicyStatement } from '#local/aws/iam.ts';
import { UnknownPolicyElementError } from '#local/aws/unknown-policy-element.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:000000000000:table/chats';
const VARIABLE = ['$', '{aws:username}'].join('');

function allow(Action: unknown, Resource: unknown = TABLE, more: object = {}): PolicyStatement {
  return { Effect: 'Allow', Action, Resource, ...more };
}

function deny(Action: unknown, Resource: unknown = TABLE, more: object = {}): PolicyStatement {
  return { ...allow(Action, Resource, more), Effect: 'Deny' };
}

function put(...statements: readonly PolicyStatement[]): boolean {
  return isAllowed({ statements, action: 'dynamodb:PutItem', resource: TABLE });
}

test.each<[string, readonly PolicyStatement[], boolean]>([
  ['nothing is granted', [], false],
  ['the action is granted on the resource', [allow('dynamodb:PutItem')], true],
  ['the action is in a list', [allow(['dynamodb:GetItem', 'dynamodb:PutItem'])], true],
  ['the action is spelt in another case', [allow('DynamoDB:putitem')], true],
  ['another action is granted', [allow('dynamodb:GetItem')], false],
  ['the action begins with the granted one', [allow('dynamodb:Put')], false],
  ['a wildcard covers the action', [allow('dynamodb:Put*')], true],
  ['a question mark covers one character', [allow('dynamodb:?utItem')], true],
  ['a question mark covers no two', [allow('dynamodb:?tItem')], false],
  ['everything is granted', [allow('*', '*')], true],
  ['another resource is granted', [allow('dynamodb:PutItem', `${TABLE}s`)], false],
  ['only the indexes are granted', [allow('dynamodb:PutItem', `${TABLE}/index/*`)], false],
  ['a dot in a pattern is only a dot', [allow('dynamodb.PutItem')], false],
  ['the resource is in a list', [allow('dynamodb:PutItem', ['arn:x', TABLE])], true],
  ['a deny stands beside the grant', [allow('dynamodb:*'), deny('dynamodb:PutItem')], false],
  ['a deny is of another action', [allow('dynamodb:*'), deny('dynamodb:GetItem')], true],
  ['all but another action is granted', [{ ...allow('x'), ...not('s3:*') }], true],
  ['all but this action is granted', [{ ...allow('x'), ...not('dynamodb:Put*') }], false],
])('when %s, the call may pass: %#', (_, statements, expected) => {
  expect(put(...statements)).toBe(expected);
});

function not(NotAction: string): object {
  return { Action: undefined, NotAction };
}

test('a statement may say on which resources it does not hold', () => {
  const { Resource: _, ...anywhere } = allow('dynamodb:PutItem');
  expect(put({ ...anywhere, NotResource: 'arn:aws:s3:::*' })).toBe(true);
  expect(put({ ...anywhere, NotResource: `${TABLE}*` })).toBe(false);
});

test.each<[string, object, object, boolean]>([
  ['equal', { StringEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, true],
  ['not equal', { StringEquals: { 'a:k': 'x' } }, { 'a:k': 'X' }, false],
  ['absent', { StringEquals: { 'a:k': 'x' } }, {}, false],
  ['absent, and need not be there', { StringEqualsIfExists: { 'a:k': 'x' } }, {}, true],
  ['absent, and must be another', { StringNotEquals: { 'a:k': 'x' } }, {}, true],
  ['another', { StringNotEquals: { 'a:k': ['x', 'y'] } }, { 'a:k': 'y' }, false],
  ['like', { StringLike: { 'a:k': 'pre*' } }, { 'a:k': 'prefix' }, true],
  ['not like', { StringLike: { 'a:k': 'pre*' } }, { 'a:k': 'a prefix' }, false],
  ['spelt in another case', { StringEquals: { 'A:K': 'x' } }, { 'a:k': 'x' }, true],
  ['true', { Bool: { 'a:k': true } }, { 'a:k': 'true' }, true],
  ['false', { Bool: { 'a:k': 'true' } }, { 'a:k': 'false' }, false],
  ['absent as it must be', { Null: { 'a:k': 'true' } }, {}, true],
  ['there as it must not be', { Null: { 'a:k': 'true' } }, { 'a:k': 'x' }, false],
  ['one of two keys', { StringEquals: { 'a:k': 'x', 'a:l': 'x' } }, { 'a:k': 'x' }, false],
  [
    'a list, all allowed',
    { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a', 'b'] } },
    { 'dynamodb:LeadingKeys': ['a', 'a', 'b'] },
    true,
  ],
  [
    'a list, one not allowed',
    { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a', 'b'] } },
    { 'dynamodb:LeadingKeys': ['a', 'c'] },
    false,
  ],
  [
    'a list, one as wanted',
    { 'ForAnyValue:StringLike': { 'a:k': 'x*' } },
    { 'a:k': ['a', 'xy'] },
    true,
  ],
])('a condition on a key that is %s', (_, Condition, context, expected) => {
  const statements = [allow('dynamodb:PutItem', TABLE, { Condition })];
  const request = { statements, action: 'dynamodb:PutItem', resource: TABLE };
  expect(isAllowed({ ...request, context: { ...context } })).toBe(expected);
});

test.each([
  [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, /operator IpAddress/],
  [{ Condition: { StringEquals: { k: VARIABLE } } }, /policy variable/],
  [{ Resource: `arn:aws:s3:::${VARIABLE}/*` }, /policy variable/],
  [{ Resource: { Ref: 'Table' } }, /Resource is no text/],
])('what cannot be judged is an error that names it: %j', (part, message) => {
  const statement = allow('dynamodb:PutItem', TABLE, part);
  expect(() => put(statement)).toThrow(UnknownPolicyElementError);
  expect(() => put(statement)).toThrow(message);
});

test('what cannot be judged does not matter to a call that it is not about', () => {
  const other = allow('s3:GetObject', '*', { Condition: { IpAddress: {} } });
  expect(put(other, allow('dynamodb:PutItem'))).toBe(true);
});

test('a policy on the resource can refuse what the role may', () => {
  const tlsOnly = {
    ...deny('sqs:*', 'arn:q', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    Principal: { AWS: '*' },
  };
  const request = {
    statements: [allow('sqs:SendMessage', 'arn:q')],
    resourceStatements: [tlsOnly],
    action: 'sqs:SendMessage',
    resource: 'arn:q',
  };
  expect(isAllowed({ ...request, context: { 'aws:SecureTransport': 'true' } })).toBe(true);
  expect(decide({ ...request, context: { 'aws:SecureTransport': 'false' } })).toEqual({
    allowed: false,
    reason: 'with an explicit deny in a resource-based policy',
  });
});

test('a policy on the resource can allow a role what its own does not, and no other', () => {
  const principalArn = 'arn:aws:iam::000000000000:role/A';
  const grant = { ...allow('sqs:SendMessage', 'arn:q'), Principal: { AWS: principalArn } };
  const request = {
    statements: [],
    resourceStatements: [grant],
    action: 'sqs:SendMessage',
    resource: 'arn:q',
  };
  expect(isAllowed({ ...request, principalArn })).toBe(true);
  expect(isAllowed({ ...request, principalArn: `${principalArn}B` })).toBe(false);
});

test('a refusal says that no policy allows the action', () => {
  expect(decide({ statements: [], action: 'sqs:SendMessage', resource: 'arn:q' })).toEqual({
    allowed: false,
    reason: 'because no identity-based policy allows the sqs:SendMessage action',
  });
});
