import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { heldState, heldStateOf, heldStateProblems } from '#lib/stacks/held-state.ts';
import { StatefulStack } from '#lib/stacks/stateful-stack.ts';
import { deployments } from '../../bin/deployments.ts';

const S = AttributeType.STRING;
const heldTable = { OrdersA9B65338: ['AWS::DynamoDB::Table', 'pk S, sk S', 'byDay: day S'] };

/** A table as `heldTable` says, or nearly. */
function aStack({ id = 'Orders', sortKey = 'sk', index = 'byDay', day = S } = {}): Stack {
  const stack = new Stack(new App(), 'stack');
  const table = new Table(stack, id, {
    partitionKey: { name: 'pk', type: S },
    sortKey: { name: sortKey, type: S },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  table.addGlobalSecondaryIndex({ indexName: index, partitionKey: { name: 'day', type: day } });
  new Queue(stack, 'MayBeMadeAnew');
  return stack;
}

it('finds nothing to say where all is as it is held', () => {
  expect(heldStateProblems(aStack(), heldTable)).toEqual([]);
});

it.each([
  ['under another id', { id: 'Purchases' }, /^OrdersA9B65338 \(AWS::DynamoDB::Table\) is gone/],
  ['with another key', { sortKey: 'time' }, /no longer "pk S, sk S": .*pk S, time S/],
  ['without an index', { index: 'byWeek' }, /no longer "byDay: day S": .*byWeek/],
  ['with an index by another type', { day: AttributeType.NUMBER }, /no longer "byDay: day S"/],
])('refuses a table %s', (_, change, problem) => {
  expect(heldStateProblems(aStack(change), heldTable)[0]).toMatch(problem);
});

it('asks for what is new to be held as well', () => {
  expect(heldStateProblems(aStack(), {})).toEqual([
    'OrdersA9B65338 (AWS::DynamoDB::Table) is new: add it to lib/stacks/held-state.ts',
  ]);
});

it('is as every stage’s stack has it, and a stack that has not does not synthesize', () => {
  const app = new App();
  const stack = new StatefulStack(app, 'state', { config: deployments.prod });
  expect(heldStateProblems(stack, heldStateOf(deployments.prod))).toEqual([]);
  expect(Object.keys(heldState)).toHaveLength(7);
  stack.node.tryRemoveChild('Tenants');
  expect(() => app.synth()).toThrow(/TenantsA9C48FD3 .*is gone/);
});
