import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { OperatorError } from '../operator/operator-error.ts';
import type { RestoreDeps } from './aws.ts';
import { describeTable } from './read-settings.ts';
import type { PlannedTable, RestorePlan } from './restore-plan.ts';

/**
 * Looks whether what came back can be worked with: each table has items where the one it stands for had,
 * the index finds a chat, and the chat's head can be read, which takes the key.
 * @throws OperatorError
 */
export async function verifyTables(deps: RestoreDeps, plan: RestorePlan): Promise<void> {
  await verifyItems(deps, plan.tenants);
  await verifyItems(deps, plan.conversations);
  await verifyHead(deps, plan.conversations.target);
}

async function verifyItems(deps: RestoreDeps, { source, target }: PlannedTable): Promise<void> {
  const { Items: [first] = [] } = await deps.dynamodb.send(
    new ScanCommand({ TableName: target, Limit: 1, ConsistentRead: true }),
  );
  const former = source.kind === 'time' ? await describeTable(deps, source.table) : undefined;
  const was = former?.ItemCount ?? 0;
  if (first === undefined && was > 0) {
    throw new OperatorError(
      `${target} is empty, and ${source.kind === 'time' ? source.table : 'its source'} has about ${was} items: restore to another time.`,
    );
  }
  // DynamoDB counts anew every six hours: both numbers may be old.
  const restored = await describeTable(deps, target);
  deps.say(`${target}: about ${restored?.ItemCount ?? 0} items; the former table about ${was}`);
}

async function verifyHead(deps: RestoreDeps, target: string): Promise<void> {
  const { Items: [indexed] = [] } = await deps.dynamodb.send(
    new ScanCommand({ TableName: target, IndexName: 'byTenant', Limit: 1 }),
  );
  if (indexed === undefined) {
    deps.say(`${target}: no chat in it`);
    return;
  }
  const { pk, sk } = indexed;
  if (pk === undefined || sk === undefined) {
    throw new OperatorError(`The index byTenant of ${target} has an entry without its keys.`);
  }
  const { Item: head } = await deps.dynamodb.send(
    new GetItemCommand({ TableName: target, Key: { pk, sk }, ConsistentRead: true }),
  );
  if (head?.['v'] === undefined || head['version'] === undefined) {
    throw new OperatorError(
      `The index byTenant of ${target} names a chat whose head is not there: restore to another second.`,
    );
  }
  deps.say(`${target}: the index finds a chat, and its head can be read`);
}
