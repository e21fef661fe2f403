import { parseArgs } from 'node:util';
import { parseIsoTime } from '#lib/config/iso-time.ts';
import { isStageName, type StageName, stageNames } from '#lib/config/stages.ts';
import { UsageError } from '../operator/operator-error.ts';

/** What the tables are put back to. */
export type RestorePoint =
  | { readonly kind: 'time'; readonly at: Date }
  | { readonly kind: 'backups'; readonly arns: readonly string[] };

export type RestoreOrder =
  | { readonly kind: 'stop-traffic' | 'resume-traffic'; readonly stage: StageName }
  | {
      readonly kind: 'restore';
      readonly stage: StageName;
      readonly point: RestorePoint;
      readonly dryRun: boolean;
    };

export const RESTORE_USAGE = `Usage: npm run restore -- <${stageNames.join('|')}> <one of:>
  --stop-traffic                 first of all: nothing answers or writes, Meta keeps and sends again
  --to <ISO time>                both tables as they were in that second, such as 2026-11-26T04:12:00Z
  --from-backup <arn> (twice)    from a backup of each table
  --resume-traffic               last of all, once the stage is deployed with the restored tables
with --to or --from-backup:
  --dry-run                      says what would be done`;

const BACKUP_ARN =
  /^arn:[\w-]+:(?:backup:[\w-]*:\d{12}:recovery-point:|dynamodb:[\w-]*:\d{12}:table\/)/;

/** @throws UsageError */
export function readOrder(argv: readonly string[]): RestoreOrder {
  const { values, positionals } = parsed(argv);
  const [stage, ...more] = positionals;
  if (stage === undefined || more.length > 0) throw wrong('Say which stage to restore.');
  if (!isStageName(stage)) throw wrong(`There is no stage ${JSON.stringify(stage)}.`);
  const wanted = [
    values['stop-traffic'] && 'stop',
    values['resume-traffic'] && 'resume',
    values.to !== undefined && 'time',
    values['from-backup'] !== undefined && 'backups',
  ].filter((each) => typeof each === 'string');
  if (wanted.length !== 1) throw wrong('Say one thing to do.');
  const isTables = values.to !== undefined || values['from-backup'] !== undefined;
  if (values['dry-run'] && !isTables)
    throw wrong('--dry-run goes with --to or --from-backup only.');
  if (values['stop-traffic']) return { kind: 'stop-traffic', stage };
  if (values['resume-traffic']) return { kind: 'resume-traffic', stage };
  const point = values.to === undefined ? backups(values['from-backup'] ?? []) : time(values.to);
  return { kind: 'restore', stage, point, dryRun: values['dry-run'] ?? false };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'stop-traffic': { type: 'boolean' },
        'resume-traffic': { type: 'boolean' },
        to: { type: 'string' },
        'from-backup': { type: 'string', multiple: true },
        'dry-run': { type: 'boolean' },
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'These options are not understood.';
    throw wrong(why, cause);
  }
}

function wrong(why: string, cause?: unknown): UsageError {
  return new UsageError(`${why}\n\n${RESTORE_USAGE}`, { cause });
}

/** DynamoDB restores to whole seconds. */
function time(text: string): RestorePoint {
  const ms = parseIsoTime(text);
  if (ms === undefined || ms % 1000 !== 0) {
    throw new UsageError(
      `--to takes a second and its time zone, such as 2026-11-26T04:12:00Z, not ${text}.`,
    );
  }
  return { kind: 'time', at: new Date(ms) };
}

function backups(arns: readonly string[]): RestorePoint {
  const wrong = arns.find((arn) => !BACKUP_ARN.test(arn));
  if (wrong !== undefined) {
    throw new UsageError(`${wrong} is the ARN of no backup: docs/runbooks/restore.md lists them.`);
  }
  if (arns.length !== 2 || arns[0] === arns[1]) {
    throw new UsageError('Name two backups, of the tenants and of the conversations table.');
  }
  return { kind: 'backups', arns };
}
