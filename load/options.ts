import { parseArgs } from 'node:util';
import { UsageError } from '../bin/operator/operator-error.ts';
import { isStageName, type StageName } from '../lib/config/stages.ts';
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
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw wrong('Name one scenario, or all');
  const scenario = scenarioNamed(name);
  if (!scenario && name !== 'all') throw wrong(`There is no scenario "${name}"`);
  if (values.target === undefined) throw wrong('Say where to, for example --target local');
  return { scenarios: scenario ? [scenario] : SCENARIOS, target: whereTo(values.target) };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        target: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function whereTo(wanted: string): WhereTo {
  if (wanted === 'local') return { url: 'http://127.0.0.1:3000', isLocal: true };
  if (isStageName(wanted)) {
    if (wanted !== 'prod') return { stage: wanted };
    throw new UsageError('Customers are served there: load is for staging (--target staging)');
  }
  const url = URL.parse(wanted);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw wrong(`There is no target "${wanted}"`);
  }
  return { url: url.origin, isLocal: false };
}

function wrong(what: string): UsageError {
  return new UsageError(`${what}.\n\n${LOAD_USAGE}`);
}
