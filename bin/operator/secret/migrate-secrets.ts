import { type FinishedMigration, finishMigration } from '#app/finish-migration.ts';
import { type Migrated, migrateSecrets } from '#app/migrate-secrets.ts';
import { isTenantVault, otherVault, type TenantVault } from '#domain/secret/tenant-vault.ts';
import type { AuditedApplication } from '#operator/audit-session.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { explainError } from '#operator/explain-error.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { counted } from '#operator/plain-text.ts';
import { ProgressLine } from '#operator/progress-line.ts';
import { inWords, readTarget, type Target, type TargetOptions } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';
import { refuseLateAbandon } from './refuse-late-abandon.ts';

interface MigrateOptions extends TargetOptions {
  readonly to?: string;
  readonly finish?: boolean;
  readonly abandon?: boolean;
  readonly yes?: boolean;
}

type Progress = (words: string) => (done: number, all: number) => void;

interface Act {
  readonly application: AuditedApplication;
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
  if (options.abandon && !options.yes && !terminal.hasPerson) {
    throw new UsageError(`${ABANDONING} Say --yes to abandon it.`);
  }
  const application = await connect(target, { fields: to ? [`copies in ${to}`] : [] });
  const line = new ProgressLine(terminal);
  const progress: Progress = (words) => (done, all) => line.show(`${words} ${done} of ${all}…`);
  try {
    const act = { application, target, progress };
    if (options.abandon) await refuseLateAbandon(application.tenantVaults, target);
    if (options.abandon && !options.yes) await confirm(application, terminal);
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

const ABANDONING =
  'The copies of the secrets would be gone, and a deployment that is to read them would find none.';

async function confirm({ tenantVaults }: AuditedApplication, terminal: Terminal): Promise<void> {
  const { active } = tenantVaults;
  const answer = await terminal.ask(`${ABANDONING} Type ${active} to stay with that: `);
  if (answer !== active) throw new OperatorError('Nothing was removed.');
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
  if (migrated.kind === 'ended-meanwhile') {
    throw new OperatorError(
      `Somebody else has ended this move, or begun another, while secrets were copied: copies in ${to} may be gone. Deploy nothing; run the same again once they are done: npx concierge secret migrate --to ${to} ${inWords(target)}`,
    );
  }
  application.note({ changed: [`copies in ${to}`] });
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
  const left = otherVault(active);
  await refuseWhileDeployed(active, application);
  const onProgress = progress(`Clearing ${left}:`);
  const finished = await finishMigration(
    { ...tenantVaults, register, onProgress },
    { isAbandoned },
  );
  if (finished.kind !== 'finished') throw refusal(finished, active, target);
  const { removed } = finished;
  application.note({ changed: [`copies in ${left}`] });
  return {
    report: { finished: true, read: active, removed },
    words:
      removed === 0
        ? `There is nothing to clear: tenants' secrets are in ${active} only.\n`
        : `Removed ${counted(removed, 'secret')} from ${left}, which can give them back for 30 days. Tenants' secrets are in ${active} only.\n`,
    problems: [],
  };
}

/**
 * What the stage said of itself at first may be over: its functions read the other vault before the
 * outputs tell. @throws OperatorError
 */
async function refuseWhileDeployed(
  active: TenantVault,
  application: AuditedApplication,
): Promise<void> {
  const { inProgress, tenantVault } = await application.readDeployment();
  if (inProgress.length > 0) {
    throw new OperatorError(
      `A deployment is at work on ${inProgress.join(' and ')}, and its functions may read either vault. Nothing was removed: run the same once it has ended.`,
    );
  }
  if (tenantVault !== active) {
    throw new OperatorError(
      `The stage was deployed just now and reads ${tenantVault ?? 'another vault'}. Nothing was removed: run the same again if that is meant still.`,
    );
  }
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
  if (finished.kind === 'begun-meanwhile') {
    return new OperatorError(
      `Somebody else has begun to copy secrets to ${finished.move.to} while copies were removed, and some of theirs may be among them. Have them run it again: npx concierge secret migrate --to ${finished.move.to} ${inWords(target)}`,
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
