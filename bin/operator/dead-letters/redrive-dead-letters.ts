import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ParkedMessage } from '#app/ports/parked-messages.ts';
import { type Redriven, type RedriveProgress, redriveParked } from '#app/redrive-parked.ts';
import { type Tidied, tidyDeadRings } from '#app/tidy-dead-rings.ts';
import type { TenantId } from '#domain/ids.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { explainError } from '#operator/explain-error.ts';
import { checkName, findByName } from '#operator/find-by-name.ts';
import { readTenantId } from '#operator/find-tenant.ts';
import { UsageError } from '#operator/operator-error.ts';
import { counted } from '#operator/plain-text.ts';
import { ProgressLine } from '#operator/progress-line.ts';
import { inWords, readTarget, type Target, type TargetOptions } from '#operator/target.ts';
import { parkedOf } from './parked-of-tenant.ts';

/** So many are named in the audit trail. */
const MOST_NAMES = 50;

interface RedriveOptions extends TargetOptions {
  readonly all?: boolean;
  readonly reason?: string;
  readonly tenant?: string;
  /** Seconds. */
  readonly wait: number;
}

interface Report {
  readonly target: Target;
  readonly matched: number;
  readonly stillWaiting: number;
  readonly redriven: Redriven;
  readonly tidied: Tidied;
}

/** `concierge dead-letters redrive`. */
export async function redriveDeadLetters(
  names: readonly string[],
  options: RedriveOptions,
  { terminal, connect, pause }: CommandDeps,
  finish: Finish,
): Promise<void> {
  checkChoice(names, options);
  const target = readTarget(options);
  const application = await connect(target, { ...subjectOf(names), ...tenantOf(options) });
  const progress = new ProgressLine(terminal);
  try {
    const parked = await application.parked.listParked();
    const there = await parkedOf(options.tenant, parked, application, target);
    const wanted = choose(there, names, options, target);
    const deps = {
      ...application,
      pause: async (ms: number) => {
        await pause(ms);
      },
      patienceMs: options.wait * 1000,
    };
    const redriven = await redriveParked(wanted, deps, (step) => progress.show(stepInWords(step)));
    progress.show('Tidying the dead-letter queue…');
    const keys = new Set(redriven.rung.map(({ key }) => key));
    const tidied = await tidyDeadRings(keys, application);
    progress.clear();
    const stillWaiting = parked.length - wanted.length;
    const report = { target, matched: wanted.length, stillWaiting, redriven, tidied };
    terminal.out(options.json ? asJson(report) : resultInWords(report));
    const problems = problemsOf(report, application);
    for (const problem of problems) terminal.err(`concierge: ${problem}\n`);
    finish(problems.length > 0 ? 1 : 0);
  } finally {
    progress.clear();
    application.close();
  }
}

/** @throws UsageError for a name that is none */
function subjectOf(names: readonly string[]): { readonly subject?: string } {
  for (const name of names) checkName(name);
  return names.length === 0 ? {} : { subject: names.slice(0, MOST_NAMES).join(' ') };
}

/** @throws UsageError */
function tenantOf({ tenant }: RedriveOptions): { readonly tenant?: TenantId } {
  return tenant === undefined ? {} : { tenant: readTenantId(tenant) };
}

/** @throws UsageError */
function checkChoice(names: readonly string[], { all, reason, tenant }: RedriveOptions): void {
  const choices = [all, reason, names.length > 0].filter(Boolean).length;
  if (choices === 1 || (choices === 0 && tenant !== undefined)) return;
  throw new UsageError(
    'Say what to redrive, in one way: --all, --reason <reason>, or the messages by their pseudonyms; --tenant <tenant> holds that to one tenant.',
  );
}

/** @throws OperatorError */
function choose(
  parked: readonly ParkedMessage[],
  names: readonly string[],
  { reason }: RedriveOptions,
  target: Target,
): readonly ParkedMessage[] {
  if (names.length === 0 && reason === undefined) return parked;
  if (reason !== undefined) return parked.filter(({ parking }) => parking.reason === reason);
  const named = new Set(names.map((name) => findByName(parked, name, target)));
  return parked.filter((message) => named.has(message));
}

function stepInWords({ step, done, of, worked }: RedriveProgress): string {
  if (step === 'rung') return `Rung for ${done} of ${of}…`;
  return `Settled ${done} of ${of}${worked > 0 ? `, ${worked} being worked` : ''}…`;
}

function asJson({ matched, stillWaiting, redriven, tidied }: Report): string {
  const { rung, notRung, fates } = redriven;
  return `${JSON.stringify({
    matched,
    rung: rung.length,
    notRung: notRung.map(({ key }) => pseudonyms.ofMessage(key)),
    fates: Object.fromEntries(fates),
    otherParked: stillWaiting,
    deadLetterQueue: tidied,
  })}\n`;
}

function resultInWords({ target, matched, stillWaiting, redriven, tidied }: Report): string {
  const { rung, fates } = redriven;
  const others = stillWaiting === 0 ? '' : ` Parked besides: ${counted(stillWaiting, 'message')}.`;
  const answered =
    matched === 0
      ? `Nothing waits to be redriven.${others}`
      : `Rung for ${rung.length} of ${counted(matched, 'message')}: ${fatesInWords(fates)}.${others}`;
  const lines = [answered];
  const gone = tidied.removed + tidied.rungAgain;
  if (gone > 0 || tidied.kept > 0) {
    const again = tidied.rungAgain > 0 ? ` (${tidied.rungAgain} rung again)` : '';
    lines.push(
      `Dead-letter queue: ${counted(gone, 'ring')} removed${again}, ${tidied.kept} of parked messages kept.`,
    );
  }
  if (stillWaiting > 0) lines.push(`See npx concierge dead-letters list ${inWords(target)}`);
  return `${lines.join('\n')}\n`;
}

function fatesInWords(fates: Redriven['fates']): string {
  const words = [...fates].map(([fate, count]) => {
    const word = { unfinished: 'being worked', parked: 'still parked' }[String(fate)] ?? fate;
    return `${count} ${word}`;
  });
  return words.join(', ') || 'none was taken';
}

/** What the operator has to act upon. */
function problemsOf(
  { target, redriven, tidied }: Report,
  application: Application,
): readonly string[] {
  const problems: string[] = [];
  const notTaken = redriven.notRung.length + tidied.notTaken;
  if (notTaken > 0) {
    const error = application.lastError();
    const why = error === undefined ? '' : ` (${explainError(error).message})`;
    problems.push(
      `The chat queue did not take ${counted(notTaken, 'ring')}${why}; what they are for waits as before. Run the same again.`,
    );
  }
  const parked = redriven.fates.get('parked') ?? 0;
  if (parked > 0) {
    problems.push(
      `Still parked: ${counted(parked, 'message')}. The cause is not removed, or the processor has not come so far. Look again with npx concierge dead-letters list ${inWords(target)}`,
    );
  }
  const worked = redriven.fates.get('unfinished') ?? 0;
  if (worked > 0) {
    problems.push(
      `Still being worked: ${counted(worked, 'message')}, which needs no further redrive unless it is parked again. Look again with npx concierge dead-letters list ${inWords(target)}`,
    );
  }
  if (tidied.unreadable > 0) {
    problems.push(
      `${counted(tidied.unreadable, 'ring')} on the dead-letter queue cannot be read by this release: use the one that is deployed.`,
    );
  }
  return problems;
}
