import { readOrder } from '../../bin/restore/read-order.ts';
import { type RestoreSources, runOrder } from '../../bin/restore/run-order.ts';
import { readStageTemplate } from '../../bin/restore/stage-template.ts';
import { ControlPlane } from './control-plane.ts';

export const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234';
export const TENANTS = 'concierge-prod-stateful-TenantsA9C48FD3-1ABC';
export const CONVERSATIONS = 'concierge-prod-stateful-ConversationsBC91B70D-2DEF';
/** What `--to 2026-11-26T04:12:00Z` makes. */
export const MADE = {
  tenants: `${TENANTS}-restored-20261126T041200Z`,
  conversations: `${CONVERSATIONS}-restored-20261126T041200Z`,
};

/** Synthesized once: it takes seconds, and nothing changes it. */
const template = readStageTemplate('prod');

const head = { pk: { S: 'CHAT#1#2' }, sk: { S: 'HEAD' }, v: { N: '1' }, version: { N: '7' } };

/** The stage prod as it is deployed, with a chat in it. */
export function aStage(): ControlPlane {
  const plane = new ControlPlane();
  const { tables } = template;
  plane.dynamo.put(TENANTS, tables.tenants, { items: [{ pk: { S: 'TENANT#1' } }] });
  plane.dynamo.put(CONVERSATIONS, tables.conversations, {
    items: [{ ...head, tenantId: { S: '1' } }],
  });
  plane.stacks.outputs
    .set('TenantsTableName', TENANTS)
    .set('ConversationsTableName', CONVERSATIONS)
    .set('SecretsKeyArn', KEY)
    .set('BackupVaultName', 'concierge-prod')
    .set('RestoreRoleArn', 'arn:aws:iam::111122223333:role/restore');
  for (const [name, reserved] of [
    ['IngestFunction', undefined],
    ['ProcessorFunction', 100],
    ['SweeperFunction', undefined],
    ['HealthFunction', undefined],
  ] as const) {
    plane.stacks.functions.set(`concierge-prod-service-${name}-X1`, reserved);
  }
  plane.stacks.feed('rings', PROCESSOR);
  plane.stacks.variables.set(PROCESSOR, { CONVERSATIONS_TABLE: CONVERSATIONS });
  return plane;
}

const PROCESSOR = 'concierge-prod-service-ProcessorFunction-X1';
type Restored = NonNullable<RestoreSources['config']['restored']>;

/** The first half of a deployment. */
export function deployStateful(plane: ControlPlane, restored: Restored): void {
  plane.stacks.outputs
    .set('ConversationsTableName', restored.conversationsTable)
    .set('TenantsTableName', restored.tenantsTable);
}

/** The second; `until` is gone once the restored tables are the stack's own. */
export function deployService(plane: ControlPlane, restored: Restored, until?: string): void {
  plane.stacks.variables.set(PROCESSOR, {
    CONVERSATIONS_TABLE: restored.conversationsTable,
    ...(until && { RESTORED_UNTIL: until }),
  });
}

/** As `npm run restore -- prod <words>`. */
export function command(plane: ControlPlane, words: string, restored?: Restored): Promise<void> {
  const sources = { config: restored ? { restored } : {}, template: () => template };
  return runOrder(plane.deps(), sources, readOrder(`prod ${words}`.split(' ')));
}

export { template };
