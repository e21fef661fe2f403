import { parseIsoTime } from './iso-time.ts';
import { isRegion, unless, wholeNumber } from './problems.ts';
import type { BackupConfig, ReplicaConfig } from './recovery.ts';
import type { StageConfig } from './stages.ts';

/** What is wrong with how a stage is to come back. */
export function recoveryProblems(config: StageConfig): string[] {
  const { recovery, env } = config;
  return [
    ...wholeNumber('recovery.pointInTimeDays', recovery.pointInTimeDays, 1, 35),
    ...backupProblems(recovery.backups, env),
    ...replicaProblems(recovery.replicas, env),
    ...restoredProblems(config),
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

function restoredProblems({ stage, restored, recovery: { replicas } }: StageConfig): string[] {
  if (restored === undefined) return [];
  const { until, conversationsTable, tenantsTable, former } = restored;
  return [
    ...unless(
      String(until).endsWith('Z') && parseIsoTime(until) !== undefined,
      `restored.until: "${until}" is not a time such as 2026-11-26T04:30:00Z`,
    ),
    ...tableProblems('conversationsTable', conversationsTable, stage),
    ...tableProblems('tenantsTable', tenantsTable, stage),
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

/** A restored table goes by the name that the stack once gave it: of which stage, and for what. */
const MADE_OF = /^concierge-(?<stage>[a-z]+)-stateful-(?<role>Tenants|Conversations)[0-9A-F]{8}-/;

function tableProblems(
  name: 'conversationsTable' | 'tenantsTable',
  table: unknown,
  stage: string,
): string[] {
  if (typeof table !== 'string' || !/^[\w.-]{3,255}$/.test(table)) {
    return [`restored.${name}: "${table}" is not the name of a table`];
  }
  const made = MADE_OF.exec(table)?.groups;
  if (made === undefined) return [];
  return [
    ...unless(made['stage'] === stage, `restored.${name}: ${table} is of stage ${made['stage']}`),
    ...unless(
      `${made['role']?.toLowerCase()}Table` === name,
      `restored.${name}: ${table} was made of the ${made['role']?.toLowerCase()} table`,
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
