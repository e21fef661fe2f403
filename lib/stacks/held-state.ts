import { CfnDeletionPolicy, CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnGlobalTable, CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type { StageConfig } from '../config/stages.ts';

const TABLE = 'a table';
const RETAINED = 'retained by its stack';
const PROTECTED = 'protected from deletion';
const FORGETS = 'forgets by expiresAt';

/**
 * What holds customers' data, by the ids that CloudFormation knows it by; of a table also its keys and those
 * of its indexes, what it forgets by, and that nobody deletes it. Under another id, of another type or with other keys CloudFormation would make it anew,
 * empty, and leave the old one behind. What every stage gets of the kind is added here; what is here goes only
 * after nothing of it is read any more: docs/deploying.md. Whether a table has replicas is a stage's own: that
 * one is not made of the other is seen before a deployment, by what is deployed.
 */
const heldState = {
  Key961B73FD: ['AWS::KMS::Key', RETAINED],
  TenantSecretsKey8677A5FA: ['AWS::KMS::Key', RETAINED],
  TenantsA9C48FD3: [TABLE, RETAINED, PROTECTED, FORGETS, 'pk S, sk S'],
  ConversationsBC91B70D: [
    TABLE,
    RETAINED,
    PROTECTED,
    FORGETS,
    'pk S, sk S',
    'byTenant: tenantId S, lastMessageAt N',
    'unfinished: unfinishedShard S, acceptedAt N',
  ],
  MediaA721A567: ['AWS::S3::Bucket', RETAINED],
  MediaPolicyB55044B9: ['AWS::S3::BucketPolicy', RETAINED],
  PlatformSecret3CD0121C: ['AWS::SecretsManager::Secret', RETAINED],
};

/** Where a stage is backed up. */
const heldBackups = {
  BackupsKeyC696F888: ['AWS::KMS::Key', RETAINED],
  BackupsVault1F11AFCC: ['AWS::Backup::BackupVault', RETAINED],
};

type HeldState = Readonly<Record<string, readonly string[]>>;

/** What of it a stage has: after a restore its own tables may be let go of (docs/runbooks/restore.md). */
export function heldStateOf({ recovery, restored }: StageConfig): HeldState {
  const { TenantsA9C48FD3: _, ConversationsBC91B70D: __, ...others } = heldState;
  const state = restored?.former === 'released' ? others : heldState;
  return recovery.backups === undefined ? state : { ...state, ...heldBackups };
}

/** What of a stack is not as it is held; empty where all is well. */
export function heldStateProblems(stack: Stack, held: HeldState): readonly string[] {
  const found = new Map(
    stack.node
      .findAll()
      .filter((construct) => construct instanceof CfnResource)
      .map((resource) => [String(stack.resolve(resource.logicalId)), traitsOf(stack, resource)]),
  );
  return Object.entries(held).flatMap(([id, traits]) => {
    const now = found.get(id);
    if (!now) return [`${id} (${traits[0]}) is gone: CloudFormation would part with what is in it`];
    return traits
      .filter((trait) => !now.includes(trait))
      .map((trait) => `${id} is no longer "${trait}": ${now.join('; ')}`);
  });
}

interface Key {
  readonly attributeName: string;
}

interface Index {
  readonly indexName: string;
  readonly keySchema: readonly Key[];
}

function traitsOf(stack: Stack, resource: CfnResource): readonly string[] {
  const isRetained = resource.cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN;
  const kept = isRetained ? [RETAINED] : [];
  if (!(resource instanceof CfnTable || resource instanceof CfnGlobalTable)) {
    return [resource.cfnResourceType, ...kept];
  }
  const attributes: { attributeName: string; attributeType: string }[] = stack.resolve(
    resource.attributeDefinitions,
  );
  const keys = (schema: readonly Key[]) =>
    schema
      .map(({ attributeName: name }) => {
        const attribute = attributes.find(({ attributeName }) => attributeName === name);
        return `${name} ${attribute?.attributeType}`;
      })
      .join(', ');
  const indexes: readonly Index[] = stack.resolve(resource.globalSecondaryIndexes) ?? [];
  return [
    TABLE,
    ...kept,
    ...(isProtected(stack, resource) ? [PROTECTED] : []),
    ...forgetsBy(stack, resource),
    keys(stack.resolve(resource.keySchema)),
    ...indexes.map(({ indexName, keySchema }) => `${indexName}: ${keys(keySchema)}`),
  ];
}

/** With replicas each of them is. */
function isProtected(stack: Stack, table: CfnTable | CfnGlobalTable): boolean {
  if (table instanceof CfnTable) return table.deletionProtectionEnabled === true;
  const replicas: readonly { readonly deletionProtectionEnabled?: boolean }[] = stack.resolve(
    table.replicas,
  );
  return replicas.every(({ deletionProtectionEnabled }) => deletionProtectionEnabled === true);
}

function forgetsBy(stack: Stack, table: CfnTable | CfnGlobalTable): readonly string[] {
  const setting: { readonly enabled?: boolean; readonly attributeName?: string } | undefined =
    stack.resolve(table.timeToLiveSpecification);
  return setting?.enabled ? [`forgets by ${setting.attributeName}`] : [];
}
