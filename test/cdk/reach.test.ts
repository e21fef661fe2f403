import { describe, expect, it, test } from 'vitest';
import { CANARY_NUMBER } from '#domain/tenant/canary-tenant.ts';
import { isAllowed, type PolicyStatement } from '#local/aws/iam.ts';
import type { PolicyContext } from '#local/aws/policy-condition.ts';
import { synthesizeStage } from '../support/template.ts';
import { functionsOf, type Statement, statementsOf } from '../support/template-functions.ts';
import { conditionInWords, inWords } from '../support/template-text.ts';

const templates = synthesizeStage('prod');

/** The roles' statements as the local cloud judges them, with names in place of ARNs. */
const roles = new Map(
  [...functionsOf(templates)].map(([folder, deployed]) => [
    folder,
    statementsOf(templates, deployed).map(asPolicy),
  ]),
);

function asPolicy({ Effect, Action, Resource, Condition }: Statement): PolicyStatement {
  return {
    Effect,
    Action,
    Resource: [Resource].flat().map((each) => inWords(templates, each)),
    ...(Condition !== undefined && {
      Condition: JSON.parse(conditionInWords(templates, Condition)),
    }),
  };
}

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: PolicyContext;
}

function may(folder: string, { action, resource, context = {} }: Call): boolean {
  return isAllowed({ statements: roles.get(folder) ?? [], action, resource, context });
}

function onItems(action: string, table: string, keys: readonly string[], more = {}): Call {
  const context = { 'dynamodb:LeadingKeys': keys, ...more };
  return { action: `dynamodb:${action}`, resource: table, context };
}

function withAttributes(...names: readonly string[]): PolicyContext {
  return { 'dynamodb:Attributes': names };
}

const CHAT = 'CHAT#100000000000001#34600111222';
const CONVERSATIONS = 'Conversations.Arn';
const TENANTS = 'Tenants.Arn';
const UNFINISHED = `${CONVERSATIONS}/index/unfinished`;

/** Attributes that a put names. */
const AN_ENTRY = { 'dynamodb:Attributes': ['pk', 'sk', 'v', 'wamid', 'command', 'raw'] };
const A_HEAD = { 'dynamodb:Attributes': ['pk', 'sk', 'v', 'version', 'state'] };
const BY_TENANT = `${CONVERSATIONS}/index/byTenant`;

describe('each function reaches the items that it works on', () => {
  it.each([
    ['ingest', onItems('PutItem', CONVERSATIONS, [CHAT])],
    ['ingest', onItems('BatchGetItem', CONVERSATIONS, [CHAT], withAttributes('pk', 'sk'))],
    ['ingest', onItems('GetItem', TENANTS, ['APP#bakery-app'])],
    ['ingest', onItems('GetItem', TENANTS, ['PHONE#100000000000001'])],
    ['processor', onItems('GetItem', TENANTS, ['PHONE#100000000000001'])],
    ['processor', onItems('GetItem', TENANTS, ['TENANT#bakery'])],
    ['processor', onItems('Query', CONVERSATIONS, [CHAT])],
    ['processor', onItems('UpdateItem', CONVERSATIONS, [CHAT])],
    ['events', onItems('UpdateItem', CONVERSATIONS, [CHAT])],
    ['events', onItems('GetItem', TENANTS, ['TENANT#bakery'])],
    ['events', onItems('UpdateItem', TENANTS, ['USAGE#bakery#0'])],
    ['processor', onItems('UpdateItem', TENANTS, ['USAGE##3'])],
    ['events', onItems('PutItem', CONVERSATIONS, ['EVENT#700100200300401'])],
    [
      'events',
      onItems('PutItem', CONVERSATIONS, [CHAT], { 'dynamodb:Attributes': ['pk', 'sk', 'command'] }),
    ],
    ['jobs', onItems('Query', CONVERSATIONS, [CHAT])],
    ['jobs', onItems('PutItem', CONVERSATIONS, [CHAT], withAttributes('pk', 'text'))],
    ['sweeper', onItems('Query', UNFINISHED, ['U#3'])],
    ['events', onItems('PutItem', CONVERSATIONS, [CHAT], AN_ENTRY)],
    ['business', onItems('PutItem', CONVERSATIONS, [CHAT], AN_ENTRY)],
    ['business', onItems('Query', CONVERSATIONS, [CHAT])],
    ['business', onItems('Query', BY_TENANT, ['bakery'])],
    ['jobs', onItems('GetItem', CONVERSATIONS, [CHAT])],
    ['canary', onItems('Query', CONVERSATIONS, [`CHAT#${CANARY_NUMBER}#ZZ.canary.1`])],
    [
      'sweeper',
      onItems('UpdateItem', CONVERSATIONS, [CHAT], { 'dynamodb:Attributes': ['pk', 'rungAt'] }),
    ],
  ])('%s: %j', (folder, call) => {
    expect(may(folder, call)).toBe(true);
  });
});

describe('and no others', () => {
  it.each([
    ['ingest', onItems('PutItem', CONVERSATIONS, ['EVENT#700100200300401'])],
    ['ingest', onItems('GetItem', CONVERSATIONS, [CHAT])],
    ['ingest', onItems('BatchGetItem', CONVERSATIONS, [CHAT], withAttributes('pk', '*'))],
    ['ingest', onItems('BatchGetItem', CONVERSATIONS, [CHAT], withAttributes('pk', 'raw'))],
    ['ingest', onItems('GetItem', TENANTS, ['TENANT#bakery'])],
    ['ingest', onItems('PutItem', TENANTS, ['APP#bakery-app'])],
    ['processor', onItems('GetItem', TENANTS, ['APP#bakery-app'])],
    ['processor', onItems('GetItem', TENANTS, ['AUDIT#bakery'])],
    ['processor', onItems('GetItem', TENANTS, ['TENANT#bakery', 'AUDIT#bakery'])],
    ['processor', onItems('GetItem', CONVERSATIONS, ['EVENT#700100200300401'])],
    ['processor', onItems('Query', UNFINISHED, ['U#3'])],
    ['processor', { action: 'dynamodb:Query', resource: CONVERSATIONS }],
    ['events', onItems('DeleteItem', CONVERSATIONS, [CHAT])],
    ['events', onItems('PutItem', CONVERSATIONS, [CHAT], A_HEAD)],
    ['business', onItems('PutItem', CONVERSATIONS, [CHAT], A_HEAD)],
    ['business', onItems('UpdateItem', CONVERSATIONS, [CHAT])],
    ['business', onItems('PutItem', TENANTS, ['TENANT#bakery'], AN_ENTRY)],
    ['business', onItems('GetItem', CONVERSATIONS, ['EVENT#700100200300401'])],
    ['jobs', onItems('GetItem', TENANTS, ['AUDIT#bakery'])],
    ['events', onItems('PutItem', TENANTS, ['TENANT#bakery'])],
    ['events', onItems('UpdateItem', TENANTS, ['TENANT#bakery'])],
    ['processor', onItems('UpdateItem', TENANTS, ['TENANT#bakery'])],
    ['jobs', onItems('UpdateItem', CONVERSATIONS, [CHAT])],
    // Each head has a version, and each message a time.
    ['jobs', onItems('PutItem', CONVERSATIONS, [CHAT], withAttributes('pk', 'version'))],
    ['jobs', onItems('PutItem', CONVERSATIONS, [CHAT], withAttributes('pk', 'acceptedAt'))],
    ['sweeper', onItems('Query', UNFINISHED, ['P#3'])],
    ['canary', onItems('Query', CONVERSATIONS, [CHAT])],
    ['canary', onItems('GetItem', CONVERSATIONS, [CHAT])],
    ['canary', onItems('PutItem', CONVERSATIONS, [`CHAT#${CANARY_NUMBER}#ZZ.canary.1`])],
    ['canary', onItems('GetItem', TENANTS, ['TENANT#concierge-canary'])],
    ['sweeper', onItems('UpdateItem', CONVERSATIONS, ['EVENT#700100200300401'])],
    [
      'sweeper',
      onItems('UpdateItem', CONVERSATIONS, [CHAT], { 'dynamodb:Attributes': ['pk', 'outcome'] }),
    ],
    [
      'sweeper',
      onItems('UpdateItem', CONVERSATIONS, [CHAT], { 'dynamodb:ReturnValues': 'ALL_OLD' }),
    ],
  ])('%s: %j', (folder, call) => {
    expect(may(folder, call)).toBe(false);
  });

  const everyone = [...roles.keys()];

  it.each(everyone)('%s: nothing of the audit trail', (folder) => {
    const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'];
    for (const action of actions) {
      for (const table of [TENANTS, CONVERSATIONS]) {
        expect(may(folder, onItems(action, table, ['AUDIT#bakery']))).toBe(false);
      }
    }
  });

  it.each(everyone)('%s: no whole table, and nothing to delete', (folder) => {
    for (const action of ['Scan', 'DeleteItem', 'BatchWriteItem', 'PartiQLSelect']) {
      for (const resource of [TENANTS, CONVERSATIONS, UNFINISHED]) {
        expect(may(folder, { action: `dynamodb:${action}`, resource })).toBe(false);
      }
    }
  });
});

describe('the key', () => {
  function decryptFor(service: string, context: PolicyContext): Call {
    const via = { 'kms:ViaService': `${service}.AWS::Region.amazonaws.com` };
    return { action: 'kms:Decrypt', resource: 'Key.Arn', context: { ...via, ...context } };
  }
  const ofTable = (name: string) =>
    decryptFor('dynamodb', { 'kms:EncryptionContext:aws:dynamodb:tableName': name });
  const ofSecret = (arn: string) =>
    decryptFor('secretsmanager', { 'kms:EncryptionContext:SecretARN': arn });
  const appSecret =
    'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:concierge/prod/app/bakery-app-a1B2c3';
  const tenantSecret =
    'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:concierge/prod/tenant/bakery-a1B2c3';

  test.each([
    ['ingest', ofTable('Conversations'), true],
    ['ingest', ofTable('Tenants'), true],
    ['ingest', ofSecret('PlatformSecret'), true],
    ['ingest', ofSecret(appSecret), true],
    ['processor', ofSecret(appSecret), false],
    ['ingest', ofSecret(tenantSecret), false],
    ['processor', ofTable('Tenants'), true],
    ['processor', ofSecret(tenantSecret), true],
    ['sweeper', ofSecret('PlatformSecret'), false],
    ['health', ofTable('Conversations'), false],
  ])('is used for %s by a service: %j, %s', (folder, call, expected) => {
    expect(may(folder, call)).toBe(expected);
  });

  it('is used by nobody directly', () => {
    for (const folder of roles.keys()) {
      expect(may(folder, { action: 'kms:Decrypt', resource: 'Key.Arn' })).toBe(false);
    }
  });
});
