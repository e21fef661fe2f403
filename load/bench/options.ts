import { parseArgs } from 'node:util';
import { UsageError } from '../../bin/operator/operator-error.ts';

export interface BenchOptions {
  /** Names of benchmarks; undefined = all. */
  readonly only: readonly string[] | undefined;
  /** Undefined = as many as each benchmark needs to tell the same twice. */
  readonly runs: number | undefined;
  readonly output: 'words' | 'json' | 'file';
}

export function benchUsage(names: readonly string[]): string {
  return `Usage: npm run bench [-- options]

  --only NAME,…   ${names.join(', ')}; default all of them
  --runs N        how often each is measured; default ${DEFAULT_RUNS}
  --json          the sections as JSON
  --write         puts them into docs/performance.md; not with other options
  --help          this text

Ends with 1 where a target is missed. Let nothing else run meanwhile.`;
}

/** Enough for ratios that agree within 15 % twice on an idle machine. */
export const DEFAULT_RUNS = 15;

/** @throws UsageError */
export function readBenchOptions(
  argv: readonly string[],
  names: readonly string[],
): BenchOptions | 'help' {
  const { help, only, runs, json, write } = parse(argv, names);
  if (help) return 'help';
  if (write && argv.length > 1) {
    throw new UsageError('docs/performance.md has the whole: --write takes no other option');
  }
  return {
    only: only === undefined ? undefined : known(only.split(','), names),
    runs: runs === undefined ? undefined : positive(runs),
    output: write ? 'file' : json ? 'json' : 'words',
  };
}

function parse(argv: readonly string[], names: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        runs: { type: 'string' },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${why}\n\n${benchUsage(names)}`);
  }
}

function known(wanted: readonly string[], names: readonly string[]): readonly string[] {
  const unknown = wanted.find((each) => !names.includes(each));
  if (unknown === undefined) return wanted;
  throw new UsageError(`There is no benchmark "${unknown}": use ${names.join(', ')}`);
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError('--runs takes a whole number of 1 or more');
}
