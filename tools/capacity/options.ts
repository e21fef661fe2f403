import { parseArgs } from 'node:util';
import { isStageName, stageNames } from '#lib/config/stages.ts';
import { USUAL_WISH, type Wish } from './planning.ts';

/** Raised for a command line that cannot be taken; its message is meant for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm run capacity -- [options]

  --conversations-a-day N   asks for one size: is it held, what is full first, what would hold it
  --stage NAME              ${stageNames.join(', ')}; default prod
  --reserved N              processors; default: the template's
  --batch N                 chats to a batch at most, 1 to 10; default: the template's
  --model-seconds N         what a turn waits for the model; default 4
  --json                    the figures as JSON
  --write                   puts the tables and plots into docs/scale.md; not with other options
  --validate                plays the same on the local stack and on the model, and writes how far they
                            are apart into tools/capacity/validation/validated.json; two minutes
  --help                    this text`;

export interface CapacityOptions {
  readonly wish: Wish;
  readonly output: 'words' | 'json' | 'file' | 'validation';
}

/**
 * @returns 'help' when that is what was asked for
 * @throws UsageError
 */
export function readOptions(argv: readonly string[]): CapacityOptions | 'help' {
  const { help, json, write, validate, stage, ...numbers } = parse(argv);
  if (help) return 'help';
  for (const [flag, isGiven] of Object.entries({ write, validate })) {
    if (isGiven && argv.length > 1) throw new UsageError(`--${flag} takes no other option`);
  }
  if (!isStageName(stage)) {
    throw new UsageError(`There is no stage "${stage}": use ${stageNames.join(', ')}`);
  }
  const wish = {
    ...USUAL_WISH,
    stage,
    conversationsADay: numberIn('conversations-a-day', numbers['conversations-a-day'], [1, 1e9]),
    reserved: wholeIn('reserved', numbers.reserved, [2, 1e6]),
    batchSize: wholeIn('batch', numbers.batch, [1, 10]),
    modelSeconds: numberIn('model-seconds', numbers['model-seconds'], [0, 60]),
  };
  return {
    wish,
    output: validate ? 'validation' : write ? 'file' : json ? 'json' : 'words',
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'conversations-a-day': text,
        reserved: text,
        batch: text,
        'model-seconds': text,
        stage: { type: 'string', default: 'prod' },
        json: flag,
        write: flag,
        validate: flag,
        help: flag,
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Range = readonly [least: number, most: number];

function numberIn(flag: string, text: string | undefined, [least, most]: Range) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text !== '' && number >= least && number <= most) return number;
  throw new UsageError(`--${flag} takes a number from ${least} to ${most.toLocaleString('en-US')}`);
}

function wholeIn(flag: string, text: string | undefined, range: Range) {
  const number = numberIn(flag, text, range);
  if (number === undefined || Number.isInteger(number)) return number;
  throw new UsageError(`--${flag} takes a whole number`);
}
