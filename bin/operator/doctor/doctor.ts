import { Command } from 'commander';
import { type Finding, hasFailed } from '#app/check-business.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { explainError } from '#operator/explain-error.ts';
import { findingsInWords } from '#operator/findings.ts';
import { UsageError } from '#operator/operator-error.ts';
import { counted } from '#operator/plain-text.ts';
import { ProgressLine } from '#operator/progress-line.ts';
import { readTarget, type Target, type TargetOptions, withTarget } from '#operator/target.ts';
import { alarmFindings } from './doctor-alarms.ts';
import { budgetFindings } from './doctor-budgets.ts';
import { messageFindings } from './doctor-messages.ts';
import { modelFindings } from './doctor-models.ts';
import { priceFindings } from './doctor-prices.ts';
import { routeFindings } from './doctor-routes.ts';
import { secretFindings } from './doctor-secrets.ts';
import { tenantFindings } from './doctor-tenants.ts';

interface DoctorOptions extends TargetOptions {
  readonly tenant?: string;
  readonly check: boolean;
  readonly appId?: string;
}

export interface Patient {
  readonly application: Application;
  readonly target: Target;
  readonly options: DoctorOptions;
}

/** One part of what is looked at; what it throws becomes a verdict. */
type Examination = (patient: Patient) => Promise<readonly Finding[]>;

const EXAMINATIONS: Readonly<Record<string, Examination>> = {
  routes: routeFindings,
  secrets: secretFindings,
  alarms: alarmFindings,
  messages: messageFindings,
  tenants: tenantFindings,
  budgets: budgetFindings,
  prices: priceFindings,
  models: modelFindings,
};

const WHAT = `
One line each: ok, warning or failed, and what to do. It looks at the outputs of the stacks, the routes,
the clock, the platform's secret, the alarms (of a deployed stage), unfinished and parked messages, the
dead-letter queues, and of each tenant its record, routes, secret and own app; of each number it asks
Meta about the token, the account, the registration, health, quality and the webhook subscription;
whose budget is used up; how old the price lists are that budgets are counted by; and which models
OpenAI switches off before long.

It changes nothing, and sends nothing to anybody.`;

/** `concierge doctor`. */
export function doctor(deps: CommandDeps, finish: Finish): Command {
  return withTarget(new Command('doctor'))
    .description('check a running application from end to end, with a verdict on each part')
    .option('--tenant <tenant>', 'only this tenant; default: all of them')
    .option('--no-check', 'do not ask Meta about the numbers')
    .option('--app-id <id>', "the Meta app's id; default: appId in the platform's secret")
    .addHelpText('after', WHAT)
    .action((options) => examine(options, deps, finish));
}

async function examine(
  options: DoctorOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const findings: Finding[] = [];
  const tell = (more: readonly Finding[]) => {
    findings.push(...more);
    if (!options.json) terminal.out(findingsInWords(more));
  };
  const application = await connect(target).catch((error: unknown) => {
    const known = explainError(error);
    // Without credentials or a stack to look at nothing is known to be ill.
    if (known instanceof UsageError) throw known;
    tell([{ verdict: 'failed', check: 'stack', message: known.message }]);
  });
  if (application) {
    const progress = new ProgressLine(terminal);
    try {
      const message = `Found the stack: ${application.webhookUrl}`;
      tell([{ verdict: 'ok', check: 'stack', message }]);
      for (const [name, look] of Object.entries(EXAMINATIONS)) {
        progress.show(`Looking at ${name}…`);
        const found = await look({ application, target, options }).catch((error: unknown) => [
          unseen(name, error),
        ]);
        progress.clear();
        tell(found);
      }
    } finally {
      application.close();
    }
  }
  const counts = countOf(findings);
  terminal.out(
    options.json
      ? `${JSON.stringify({ ...counts, findings })}\n`
      : `\n${counts.ok} ok, ${counted(counts.warnings, 'warning')}, ${counts.failed} failed.\n`,
  );
  if (hasFailed(findings)) finish(1);
}

function unseen(check: string, error: unknown): Finding {
  const known = explainError(error);
  if (known instanceof UsageError) throw known;
  return { verdict: 'failed', check, message: `${check}: ${known.message}` };
}

function countOf(findings: readonly Finding[]) {
  const count = (wanted: Finding['verdict']) =>
    findings.filter(({ verdict }) => verdict === wanted).length;
  return { ok: count('ok'), warnings: count('warning'), failed: count('failed') };
}
