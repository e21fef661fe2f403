import { type FinishedMigration, finishMigration } from '#app/finish-migration.ts';
import { type Migrated, migrateSecrets } from '#app/migrate-secrets.ts';
import { isTenantVault, otherVault, type TenantVault } from '#domain/secret/tenant-vault.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { explainError } from './explain-error.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { counted } from './parked-view.ts';
import { ProgressLine } from './progress-line.ts';
import { refuseLateAbandon } from './refuse-late-abandon.ts';
import { inWords, readTarget, type Target, type TargetOptions } from './target.ts';

interface MigrateOptions extends TargetOptions {
  readonly to?: string;
  readonly finish?: boolean;
  readonly abandon?: boolean;
}

type Progress = (words: string) => (done: number, all: number) => void;

interface Act {
  readonly application: Application;
  readonly target: Target;
  readonly progress: Progress;
}

/** `concierge secret migrate`. */
export async function migrateSecretsCommand(
  options: MigrateOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const to = readChoice(options);
  const application = await connect(target);
  const line = new ProgressLine(terminal);
  const progress: Progress = (words) => (done, all) => line.show(`${words} ${done} of ${all}…`);
  try {
    const act = { application, target, progress };
    const done = to ? await fill(to, act) : await clear(options.abandon === true, act);
    line.clear();
    terminal.out(options.json ? `${JSON.stringify(done.report)}\n` : done.words);
    for (const problem of done.problems) terminal.err(`concierge: ${problem}\n`);
    finish(done.problems.length > 0 ? 1 : 0);
  } finally {
    line.clear();
    application.close();
  }
}

/** @throws UsageError */
function readChoice({ to, finish, abandon }: MigrateOptions): TenantVault | undefined {
  if ([to, finish, abandon].filter(Boolean).length !== 1) {
    throw new UsageError('Say one of --to <vault>, --finish and --abandon.');
  }
  return isTenantVault(to) ? to : undefined;
}

interface Done {
  readonly report: object;
  readonly words: string;
  readonly problems: readonly string[];
}

async function fill(to: TenantVault, { application, target, progress }: Act): Promise<Done> {
  const { tenantVaults, register } = application;
  const { active } = tenantVaults;
  const onProgress = progress(`Copying to ${to}:`);
  const migrated = await migrateSecrets(to, { ...tenantVaults, register, onProgress });
  if (migrated.kind === 'other-way') {
    throw new OperatorError(
      `Secrets are on their way to ${migrated.move.to}. Nothing was changed: end that first, with npx concierge secret migrate --${migrated.move.to === active ? 'finish' : 'abandon'} ${inWords(target)}`,
    );
  }
  const { kind: _, failed, ...counts } = migrated;
  const lines = [
    `Copied ${counted(migrated.copied, 'secret')} to ${to}; ${migrated.unchanged} ${migrated.unchanged === 1 ? 'was' : 'were'} there.`,
    ...withoutInWords(migrated),
    ...(active === to ? [] : [`Until this is finished, every secret is written into both vaults.`]),
    ...nextInWords(to, active, target),
  ];
  return {
    report: { to, read: active, ...counts, failed: failed.map(({ tenant }) => tenant) },
    words: `${lines.join('\n')}\n`,
    problems: problemsOf(migrated),
  };
}

type Filled = Extract<Migrated, { kind: 'migrated' }>;

function withoutInWords({ withoutSecret: ids }: Filled): readonly string[] {
  return ids.length > 0 ? [`${counted(ids.length, 'tenant')} without a secret: ${some(ids)}`] : [];
}

function nextInWords(to: TenantVault, active: TenantVault, target: Target): readonly string[] {
  const finish = `  npx concierge secret migrate --finish ${inWords(target)}`;
  if (active === to) return [`The functions read ${to} already. To leave the other one:`, finish];
  if (target.kind === 'local') {
    return [
      `Next have the functions read ${to}: stop npm start, and start it with the same --data and --vault ${to}. Then:`,
      finish,
    ];
  }
  return [
    `Next have the functions read ${to}: secrets.tenantVault of ${target.stage} in bin/deployments.ts. Then:`,
    `  npm run deploy -- ${target.stage}`,
    finish,
  ];
}

function problemsOf({ unreadable, failed }: Filled): readonly string[] {
  const problems: string[] = [];
  if (unreadable.length > 0) {
    problems.push(
      `No JSON object, so not copied: ${some(unreadable)}. Put their tokens again: npx concierge secret put access-token --tenant <tenant>`,
    );
  }
  const [first] = failed;
  if (first) {
    const why = explainError(first.error).message;
    problems.push(
      `Not copied: ${some(failed.map(({ tenant }) => tenant))} (${why}). Run the same again.`,
    );
  }
  return problems;
}

async function clear(isAbandoned: boolean, act: Act): Promise<Done> {
  const { application, target, progress } = act;
  const { tenantVaults, register } = application;
  const { active } = tenantVaults;
  if (isAbandoned) await refuseLateAbandon(tenantVaults, target);
  const left = otherVault(active);
  const onProgress = progress(`Clearing ${left}:`);
  const finished = await finishMigration(
    { ...tenantVaults, register, onProgress },
    { isAbandoned },
  );
  if (finished.kind !== 'finished') throw refusal(finished, active, target);
  const { removed } = finished;
  return {
    report: { finished: true, read: active, removed },
    words:
      removed === 0
        ? `There is nothing to clear: tenants' secrets are in ${active} only.\n`
        : `Removed ${counted(removed, 'secret')} from ${left}, which can give them back for 30 days. Tenants' secrets are in ${active} only.\n`,
    problems: [],
  };
}

function refusal(
  finished: Exclude<FinishedMigration, { kind: 'finished' }>,
  active: TenantVault,
  target: Target,
): OperatorError {
  if (finished.kind === 'not-deployed') {
    return new OperatorError(
      `The functions read ${active} still. Nothing was changed: have them read ${finished.move.to} first, or stay with ${active} by --abandon.`,
    );
  }
  return new OperatorError(
    `Not in ${active}: the ${finished.tenants.length === 1 ? 'secret' : 'secrets'} of ${some(finished.tenants)}. Nothing was removed: npx concierge secret migrate --to ${active} ${inWords(target)} copies what is missing.`,
  );
}

const MOST_NAMED = 10;

function some(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(' ') + (more > 0 ? ` and ${more} more` : '');
}
