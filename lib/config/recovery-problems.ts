import { isRegion, unless, wholeNumber } from './problems.ts';
import type { BackupConfig, RecoveryConfig, ReplicaConfig, RestoredTables } from './recovery.ts';
import type { StageConfig } from './stages.ts';

/** What is wrong with how a stage is to come back. */
export function recoveryProblems({ recovery, restored, env }: StageConfig): string[] {
  return [
    ...wholeNumber('recovery.pointInTimeDays', recovery.pointInTimeDays, 1, 35),
    ...backupProblems(recovery.backups, env),
    ...replicaProblems(recovery.replicas, env),
    ...restoredProblems(restored, recovery),
  ];
}

function backupProblems(backups: BackupConfig | undefined, env: StageConfig['env']): string[] {
  if (backups === undefined) return [];
  const { retentionDays, copyTo, vaultLock, testRestores } = backups;
  return [
    ...wholeNumber('recovery.backups.retentionDays', retentionDays, 7, 35),
    ...oneOf('recovery.backups.vaultLock', vaultLock, ['governance', 'compliance']),
    ...oneOf('recovery.backups.testRestores', testRestores, ['weekly', 'monthly']),
    ...(copyTo === undefined ? [] : otherRegion('recovery.backups.copyTo', copyTo.region, env)),
  ];
}

function replicaProblems(
  replicas: readonly ReplicaConfig[] | undefined,
  env: StageConfig['env'],
): string[] {
  if (replicas === undefined) return [];
  const regions = replicas.map(({ region }) => region);
  return [
    ...unless(replicas.length > 0, 'recovery.replicas: name a region, or leave it out'),
    ...unless(
      new Set(regions).size === regions.length,
      'recovery.replicas: each region holds one replica',
    ),
    ...replicas.flatMap(({ region, keyArn }) => [
      ...otherRegion('recovery.replicas', region, env),
      ...unless(
        keyArn.startsWith(`arn:aws:kms:${region}:`) && /:\d{12}:key\/[\w-]+$/.test(keyArn),
        `recovery.replicas: "${keyArn}" is not the ARN of a key in ${region}`,
      ),
    ]),
  ];
}

function restoredProblems(
  restored: RestoredTables | undefined,
  { replicas }: RecoveryConfig,
): string[] {
  if (restored === undefined) return [];
  const { until, conversationsTable, tenantsTable, former } = restored;
  return [
    ...unless(
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(until) &&
        !Number.isNaN(Date.parse(until)),
      `restored.until: "${until}" is not a time such as 2026-11-26T04:30:00Z`,
    ),
    ...Object.entries({ conversationsTable, tenantsTable }).flatMap(([name, table]) =>
      unless(
        /^[\w.-]{3,255}$/.test(table),
        `restored.${name}: "${table}" is not the name of a table`,
      ),
    ),
    ...unless(
      conversationsTable !== tenantsTable,
      'restored: conversationsTable and tenantsTable are one and the same',
    ),
    ...oneOf('restored.former', former, ['kept', 'released']),
    ...unless(
      replicas === undefined,
      'restored: a restored table has no replicas: take recovery.replicas out, and add them to the restored tables by hand (docs/runbooks/restore.md)',
    ),
  ];
}

function otherRegion(name: string, region: string, env: StageConfig['env']): string[] {
  return [
    ...unless(isRegion(region), `${name}: "${region}" is not a region such as eu-central-1`),
    ...unless(env !== undefined, `${name}: needs env, the account and region of the stage`),
    ...unless(region !== env?.region, `${name}: ${region} is where the stage itself is`),
  ];
}

/** Node runs `bin/` without looking at its types. */
function oneOf(name: string, value: string | undefined, known: readonly string[]): string[] {
  return unless(
    value === undefined || known.includes(value),
    `${name}: "${value}" is none of ${known.join(', ')}`,
  );
}
