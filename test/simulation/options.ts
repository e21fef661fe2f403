import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { LARGEST_SEED } from './random.ts';

export interface Options {
  readonly schedules: number;
  readonly seed: number;
  readonly workers: number;
  readonly mode: 'random' | 'self-test' | 'exhaustive' | 'help';
  readonly trace: boolean;
}

/** What was typed cannot be used; the message says what can. */
export class WrongOptionError extends Error {
  override readonly name = 'WrongOptionError';
}

export const USAGE = `npm run simulate -- [options]

  --schedules N   how many random schedules (default 1000)
  --seed S        where they start; the same seed gives the same run (default: random)
  --workers N     threads (default: one per core)
  --exhaustive    one turn with a crash at every point, alone and in pairs, and with every other fault
  --self-test     switch the protections off one by one, and see that each is missed
  --trace         print what happens in each schedule
  --help          this`;

export function readOptions(args: readonly string[], randomSeed: () => number): Options {
  const values = parse(args);
  const seed = wholeNumber('seed', values.seed, 0, LARGEST_SEED);
  return {
    schedules: wholeNumber('schedules', values.schedules, 1, 100_000_000) ?? 1_000,
    seed: seed ?? randomSeed(),
    workers: wholeNumber('workers', values.workers, 1, 256) ?? availableParallelism(),
    mode: modeOf(values),
    trace: values.trace === true,
  };
}

interface Values {
  readonly schedules?: string;
  readonly seed?: string;
  readonly workers?: string;
  readonly exhaustive?: boolean;
  readonly 'self-test'?: boolean;
  readonly trace?: boolean;
  readonly help?: boolean;
}

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        schedules: { type: 'string' },
        seed: { type: 'string' },
        workers: { type: 'string' },
        exhaustive: { type: 'boolean' },
        'self-test': { type: 'boolean' },
        trace: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new WrongOptionError(`${message.split('. ')[0]}; --help lists the options`);
  }
}

function modeOf(values: Values): Options['mode'] {
  if (values.help) return 'help';
  if (values['self-test'] && values.exhaustive) {
    throw new WrongOptionError('Give --self-test or --exhaustive, not both');
  }
  const mode = values['self-test'] ? 'self-test' : values.exhaustive ? 'exhaustive' : 'random';
  const unused = (['schedules', 'workers', 'trace'] as const).find((name) => values[name]);
  if (mode !== 'random' && unused) {
    throw new WrongOptionError(`--${mode} does not take --${unused}; it takes --seed`);
  }
  return mode;
}

function wholeNumber(
  name: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new WrongOptionError(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}
