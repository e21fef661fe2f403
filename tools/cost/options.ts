import { parseArgs } from 'node:util';
import { priceOfModel } from '#domain/money/model-prices.ts';
import { isStageName, type StageName, stageNames } from '#lib/config/stages.ts';
import { type Traffic, USUAL_TRAFFIC } from './traffic.ts';

/** Raised for a command line that cannot be taken; its message is meant for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Every number that is assumed, by its flag. */
const NUMBERS = {
  turns: 'turns',
  'model-seconds': 'modelSeconds',
  'graph-seconds': 'graphSeconds',
  'memory-seconds': 'memorySeconds',
  'chats-per-batch': 'chatsPerBatch',
  'input-tokens': 'inputTokens',
  'cached-share': 'cachedShare',
  'output-tokens': 'outputTokens',
  'memory-input-tokens': 'memoryInputTokens',
  'memory-output-tokens': 'memoryOutputTokens',
  tenants: 'tenants',
  peak: 'peak',
} as const satisfies Readonly<Record<string, keyof Traffic>>;

export const USAGE = `Usage: npm run cost -- [options]

  --stage NAME      ${stageNames.join(', ')}; default prod
  --model NAME      default: the stage's
  --country CODE    whose customers they are, for Meta's prices; default ${USUAL_TRAFFIC.country}
${Object.entries(NUMBERS)
  .map(([flag, name]) => `  --${`${flag} N`.padEnd(25)} default ${USUAL_TRAFFIC[name]}`)
  .join('\n')}
  --json            the figures as JSON
  --write           puts the figures into docs/cost.md and README.md; not with other options
  --help            this text`;

export interface CostOptions {
  readonly stage: StageName;
  readonly model: string | undefined;
  readonly traffic: Traffic;
  readonly output: 'words' | 'json' | 'file';
}

/**
 * @returns 'help' when that is what was asked for
 * @throws UsageError
 */
export function readOptions(argv: readonly string[]): CostOptions | 'help' {
  const { help, json, write, stage, model, country, ...numbers } = parse(argv);
  if (help) return 'help';
  if (write && argv.length > 1) {
    throw new UsageError('docs/cost.md has the usual figures: --write takes no other option');
  }
  if (!isStageName(stage)) {
    throw new UsageError(`There is no stage "${stage}": use ${stageNames.join(', ')}`);
  }
  if (!/^[A-Z]{2}$/.test(country)) {
    throw new UsageError('--country takes a code of two letters, such as ES');
  }
  if (model !== undefined && !priceOfModel(model).isKnown) {
    throw new UsageError(`The price of "${model}" is not known: src/domain/money/model-prices.ts`);
  }
  const given = Object.entries(numbers).map(([flag, text]) => [nameOf(flag), numberIn(flag, text)]);
  return {
    stage,
    model,
    traffic: { ...USUAL_TRAFFIC, ...Object.fromEntries(given), country },
    output: write ? 'file' : json ? 'json' : 'words',
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((flag) => [flag, text]));
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...numbers,
        stage: { type: 'string', default: 'prod' },
        model: { type: 'string' },
        country: { type: 'string', default: USUAL_TRAFFIC.country },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function nameOf(flag: string): string {
  return Object.entries(NUMBERS).find(([known]) => known === flag)?.[1] ?? flag;
}

function numberIn(flag: string, text: unknown): number {
  const number = Number(text);
  const isShare = flag === 'cached-share';
  const isFine = Number.isFinite(number) && number >= 0 && (!isShare || number <= 1);
  const least = ['turns', 'chats-per-batch', 'peak'].includes(flag) ? 1 : 0;
  if (isFine && text !== '' && number >= least) return number;
  throw new UsageError(`--${flag} takes a number of ${least} or more${isShare ? ', up to 1' : ''}`);
}
