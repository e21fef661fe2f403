import { UsageError } from '../bin/operator/operator-error.ts';
import { readSmokeOptions } from '../bin/smoke/options.ts';
import type { StageName } from '../lib/config/stages.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { SCENARIOS, scenarioNamed } from './scenarios/scenarios.ts';

const names = SCENARIOS.map(({ name }) => name);

export const LOAD_USAGE = `Usage: npm run load -- <${names.join('|')}|all> --target <local|dev|staging|URL>

Sends webhooks as Meta does, looks whether all are acknowledged in time, and whether every message that was
taken is answered once. Prints a verdict for each threshold, writes a report with plots to load/reports/, and
ends with 1 where something is missed: docs/load.md.

  local       npm start, if it runs on port 3000; otherwise one is brought up for the run
  dev|staging all write to the canary's number: the model answers and is paid for, nobody is sent anything
  URL         where the API answers

The app secret is read from LOAD_APP_SECRET, otherwise from Secrets Manager with your credentials; the local
stack's is known.`;

type WhereTo =
  | { readonly url: string; readonly isLocal: boolean }
  | { readonly stage: Exclude<StageName, 'prod'> };

export interface LoadOptions {
  readonly scenarios: readonly Scenario[];
  readonly target: WhereTo;
}

/** @throws UsageError */
export function readLoadOptions(argv: readonly string[]): LoadOptions | 'help' {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const [name, flag, wanted, ...rest] = argv;
  if (name === undefined || flag !== '--target' || wanted === undefined || rest.length > 0) {
    throw new UsageError(LOAD_USAGE);
  }
  const scenario = scenarioNamed(name);
  if (!scenario && name !== 'all') throw new UsageError(LOAD_USAGE);
  return { scenarios: scenario ? [scenario] : SCENARIOS, target: whereTo(wanted) };
}

function whereTo(wanted: string): WhereTo {
  const found = readSmokeOptions([wanted]);
  if (found === 'help') throw new UsageError(LOAD_USAGE);
  if ('url' in found) return { url: found.url, isLocal: wanted === 'local' };
  const { stage } = found;
  if (stage === 'prod') {
    throw new UsageError('Customers are served there: load is for staging (--target staging)');
  }
  return { stage };
}
