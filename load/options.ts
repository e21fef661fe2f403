import { readSmokeOptions, type SmokeOptions, UsageError } from '../bin/smoke/options.ts';

export const LOAD_USAGE = `Usage: npm run load -- burst --target <dev|staging|local|URL>

Some hundred customers write within ten seconds; ends with 1 where a threshold is missed. All of them write to
the canary's number, so the model answers and nobody is sent anything. The app secret is read from
LOAD_APP_SECRET; while npm start runs, --target local knows it.`;

export interface LoadOptions {
  readonly scenario: 'burst';
  readonly target: SmokeOptions;
  readonly isLocal: boolean;
}

/** @throws UsageError */
export function readLoadOptions(argv: readonly string[]): LoadOptions | 'help' {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const [scenario, flag, wanted, ...rest] = argv;
  if (scenario !== 'burst' || flag !== '--target' || wanted === undefined || rest.length > 0) {
    throw new UsageError(LOAD_USAGE);
  }
  if (wanted === 'prod') {
    throw new UsageError('Customers are served there: bursts are for staging (--target staging)');
  }
  const target = readSmokeOptions([wanted]);
  if (target === 'help') return 'help';
  return { scenario, target, isLocal: wanted === 'local' };
}
