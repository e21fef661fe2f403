import { App, CfnDeletionPolicy, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { heldStateOf, heldStateProblems } from '#lib/stacks/held-state.ts';
import { StatefulStack } from '#lib/stacks/stateful-stack.ts';
import { deployments } from '../../bin/deployments.ts';

const S = AttributeType.STRING;
const heldTable = {
  OrdersA9B65338: [
    'a table',
    'retained by its stack',
    'protected from deletion',
    'forgets by expiresAt',
    'pk S, sk S',
    'byDay: day S',
  ],
};

/** A table as `heldTable` says, or nearly. */
function aStack({
  id = 'Orders',
  sortKey = 'sk',
  index = 'byDay',
  day = S,
  removalPolicy = RemovalPolicy.RETAIN,
  deletionProtection = true,
  timeToLiveAttribute = 'expiresAt',
} = {}): Stack {
  const stack = new Stack(new App(), 'stack');
  const table = new Table(stack, id, {
    partitionKey: { name: 'pk', type: S },
    sortKey: { name: sortKey, type: S },
    removalPolicy,
    deletionProtection,
    timeToLiveAttribute,
  });
  table.addGlobalSecondaryIndex({ indexName: index, partitionKey: { name: 'day', type: day } });
  new Queue(stack, 'MayBeMadeAnew');
  return stack;
}

it('finds nothing to say where all is as it is held', () => {
  expect(heldStateProblems(aStack(), heldTable)).toEqual([]);
});

it.each([
  ['under another id', { id: 'Purchases' }, /^OrdersA9B65338 \(a table\) is gone/],
  ['with another key', { sortKey: 'time' }, /no longer "pk S, sk S": .*pk S, time S/],
  ['without an index', { index: 'byWeek' }, /no longer "byDay: day S": .*byWeek/],
  ['that goes with its stack', { removalPolicy: RemovalPolicy.DESTROY }, /no longer "retained by/],
  ['that anybody may delete', { deletionProtection: false }, /no longer "protected from deletion"/],
  ['that forgets nothing', { timeToLiveAttribute: 'ttl' }, /no longer "forgets by expiresAt"/],
  ['with an index by another type', { day: AttributeType.NUMBER }, /no longer "byDay: day S"/],
])('refuses a table %s', (_, change, problem) => {
  expect(heldStateProblems(aStack(change), heldTable)[0]).toMatch(problem);
});

it('takes a table with replicas for one as well', () => {
  const stack = new Stack(new App(), 'stack', { env: { account: '1', region: 'eu-central-1' } });
  new TableV2(stack, 'Orders', {
    partitionKey: { name: 'pk', type: S },
    sortKey: { name: 'sk', type: S },
    globalSecondaryIndexes: [{ indexName: 'byDay', partitionKey: { name: 'day', type: S } }],
    replicas: [{ region: 'eu-west-1' }],
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    timeToLiveAttribute: 'expiresAt',
  });
  expect(heldStateProblems(stack, heldTable)).toEqual([]);
});

it('is as every stage’s stack has it, and a stack that has not does not synthesize', () => {
  const app = new App();
  const stack = new StatefulStack(app, 'state', { config: deployments.prod });
  const held = heldStateOf(deployments.prod);
  expect(heldStateProblems(stack, held)).toEqual([]);
  // Nothing that a stage keeps is missing from the list.
  const kept = stack.node
    .findAll()
    .filter((each) => each instanceof CfnResource)
    .filter(({ cfnOptions }) => cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN)
    .map(({ logicalId }) => stack.resolve(logicalId));
  expect(kept.sort()).toEqual(Object.keys(held).sort());
  stack.node.tryRemoveChild('Tenants');
  expect(() => app.synth()).toThrow(/TenantsA9C48FD3 .*is gone/);
});
