import { Stack } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { watchTable } from '../alarms/table-alarms.ts';
import type { StageConfig } from '../config/stages.ts';
import { ServingTable } from './serving-table.ts';
import { ReplicatedStateTable, StateTable } from './state-table.ts';

export interface ServingTables {
  readonly tenants: ServingTable;
  readonly conversations: ServingTable;
}

type OwnTable = StateTable | ReplicatedStateTable;

export interface StateTablesProps {
  readonly config: StageConfig;
  readonly key: Key;
}

/**
 * Makes the two tables in the scope itself, and says which ones serve: its own, or after a restore those
 * that `restored` of the stage names. Its own ones then stay as they are, and stay exported: an export
 * that the service stack still imports cannot be taken away, and this stack is deployed first.
 */
export function stateTables(scope: Construct, props: StateTablesProps): ServingTables {
  const serving = servingTables(scope, props);
  // Not under the tables' own ids: the alarms keep theirs when another table takes a table's place.
  const alarmsOf = (id: string, name: keyof ServingTables) =>
    watchTable(new Construct(scope, id), { tableName: serving[name].tableName, name });
  alarmsOf('TenantsAlarms', 'tenants');
  alarmsOf('ConversationsAlarms', 'conversations');
  return serving;
}

function servingTables(scope: Construct, { config, key }: StateTablesProps): ServingTables {
  const { restored } = config;
  if (restored === undefined) {
    const own = ownTables(scope, { config, key });
    return {
      tenants: new ServingTable(own.tenants),
      conversations: new ServingTable(own.conversations),
    };
  }
  if (restored.former !== 'released') exportAll(scope, ownTables(scope, { config, key }));
  return {
    tenants: restoredTable(scope, 'RestoredTenants', restored.tenantsTable),
    conversations: restoredTable(scope, 'RestoredConversations', restored.conversationsTable),
  };
}

function ownTables(scope: Construct, props: StateTablesProps) {
  const tenants = ownTable(scope, 'Tenants', props);
  const conversations = ownTable(scope, 'Conversations', props);
  addIndexes(conversations);
  return { tenants, conversations };
}

function ownTable(scope: Construct, id: string, { config, key }: StateTablesProps): OwnTable {
  const { disposable, recovery } = config;
  const props = { key, disposable, pointInTimeDays: recovery.pointInTimeDays };
  return recovery.replicas === undefined
    ? new StateTable(scope, id, props)
    : new ReplicatedStateTable(scope, id, { ...props, replicas: recovery.replicas });
}

function addIndexes(conversations: OwnTable): void {
  // Only heads carry these keys. What an index projects cannot be changed later. A tenant is one
  // partition, which takes 1,000 writes a second. A turn costs two: its time changes once, and a sort
  // key changes by a delete and a put; of the head's other writes this index has nothing. So only
  // beyond 500 turns a second of one tenant would its heads' writes be held back.
  conversations.addGlobalSecondaryIndex({
    indexName: 'byTenant',
    partitionKey: { name: 'tenantId', type: AttributeType.STRING },
    sortKey: { name: 'lastMessageAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['state', 'flag'],
  });
  // Sparse: only messages that are accepted and not finished carry these keys. The shards `U#…` are
  // the sweeper's; in `P#…` the operator finds every parked message, also when its ring is lost.
  conversations.addGlobalSecondaryIndex({
    indexName: 'unfinished',
    partitionKey: { name: 'unfinishedShard', type: AttributeType.STRING },
    sortKey: { name: 'acceptedAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: [
      'rings',
      'rungAt',
      'correlationId',
      'parkReason',
      'parkClass',
      'parkPeer',
      'parkCode',
      'parkAttempts',
    ],
  });
}

function exportAll(scope: Construct, tables: Readonly<Record<string, OwnTable>>): void {
  for (const { tableName, tableArn } of Object.values(tables)) {
    Stack.of(scope).exportValue(tableName);
    Stack.of(scope).exportValue(tableArn);
  }
}

function restoredTable(scope: Construct, id: string, tableName: string): ServingTable {
  return new ServingTable(Table.fromTableName(scope, id, tableName));
}
