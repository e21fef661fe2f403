import { expect, test } from 'vitest';
import type { RecoveryConfig } from '#lib/config/recovery.ts';
import { stageNames } from '#lib/config/stages.ts';
import { CustomerKeys } from '#local/cloud/customer-keys.ts';
import { deployTables } from '#local/cloud/deploy-tables.ts';
import { Stack } from '#local/cloud/stack.ts';
import { parseTemplate } from '#local/cloud/template.ts';
import type { DynamoEngine, TableDefinition } from '#local/dynamodb/dynamo-engine.ts';
import { synthesizeStage } from '../support/template.ts';

const env = { account: '111122223333', region: 'eu-central-1' };

function broughtUp({ stateful, service }: ReturnType<typeof synthesizeStage>): {
  readonly stateful: Stack;
  readonly service: Stack;
} {
  const exports = new Map<string, unknown>();
  const place = { ...env, awsUrl: 'http://127.0.0.1:4566', exports };
  const shared = { account: undefined, region: undefined, assets: new Map<string, string>() };
  const up = (name: string, template: object) =>
    new Stack({ ...shared, name, template: parseTemplate(template, name) }, place);
  return {
    stateful: up('concierge-prod-stateful', stateful.toJSON()),
    service: up('concierge-prod-service', service.toJSON()),
  };
}

async function tablesOf(stack: Stack, keys = new CustomerKeys()) {
  const made: TableDefinition[] = [];
  const engine: Pick<DynamoEngine, 'createTable'> = {
    createTable: async (definition) => void made.push(definition),
  };
  await deployTables([stack], engine as DynamoEngine, keys);
  return made;
}

test.each(stageNames)('the local cloud knows every resource and output of %s', (stage) => {
  const { stateful, service } = broughtUp(synthesizeStage(stage));
  expect([...stateful.outputs.values(), ...service.outputs.values()]).not.toContain(undefined);
  for (const policy of stateful.resources('AWS::IAM::Policy')) {
    expect(() => stateful.properties(policy)).not.toThrow();
  }
});

test('a global table is the same table here, under the key of the region that it runs in', async () => {
  const recovery: RecoveryConfig = {
    pointInTimeDays: 35,
    replicas: [{ region: 'eu-west-1', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/replica' }],
  };
  const keys = new CustomerKeys();
  const { stateful } = broughtUp(synthesizeStage('prod', { env, recovery }));
  const single = broughtUp(synthesizeStage('prod', { env }));
  const bySize = (tables: readonly TableDefinition[]) =>
    tables.toSorted((one, other) => JSON.stringify(one).length - JSON.stringify(other).length);
  const global = bySize(await tablesOf(stateful, keys));
  expect(global).toEqual(bySize(await tablesOf(single.stateful)));
  expect(global[1]?.GlobalSecondaryIndexes).toHaveLength(2);
  for (const { TableName } of global) {
    const key = keys.keyOf(`arn:aws:dynamodb:eu-central-1:111122223333:table/${TableName}`);
    expect(key).toMatch(/^arn:aws:kms:eu-central-1:/);
  }
});
