import { existsSync } from 'node:fs';
import { installLoadPackage } from '../../load/install.ts';
import { readMeasured } from '../cost/measured.ts';
import { writeBlock } from '../documents/marked-block.ts';
import { answerInWords, answerTo } from './answer.ts';
import { type CapacityOptions, readOptions, USAGE, UsageError } from './options.ts';
import { planningFor } from './planning.ts';
import { writePlots } from './plots.ts';
import { reportOf } from './report.ts';
import { otherStages, SCALE_TABLES, VALIDATION_TABLE } from './scale-document.ts';
import { readValidation, VALIDATED_FILE } from './validation/validated.ts';
import { validationInWords } from './validation/words.ts';
import { inWords } from './words.ts';

/** `npm run capacity`: what a configuration holds, by a model of the deployed system. */
async function run(argv: readonly string[]): Promise<string> {
  const options = readOptions(argv);
  if (options === 'help') return USAGE;
  if (options.output === 'validation') return await validate();
  return options.output === 'file' ? await write(options) : said(options);
}

function said({ wish, output }: CapacityOptions): string {
  const planning = planningFor(wish);
  const isJson = output === 'json';
  if (wish.conversationsADay !== undefined) {
    const answer = answerTo(planning);
    return isJson ? JSON.stringify(answer, undefined, 2) : answerInWords(answer);
  }
  const report = reportOf(planning, readMeasured().measuredOn, otherStages());
  return isJson ? JSON.stringify(report, undefined, 2) : inWords(report);
}

async function write({ wish }: CapacityOptions): Promise<string> {
  const planning = planningFor(wish);
  const report = reportOf(planning, readMeasured().measuredOn, otherStages());
  writeBlock(SCALE_TABLES, inWords(report));
  if (existsSync(VALIDATED_FILE)) writeBlock(VALIDATION_TABLE, validationInWords(readValidation()));
  const installed = await installLoadPackage();
  if (installed !== 0) {
    process.exitCode = installed;
    return `Written: ${SCALE_TABLES.file}, without its plots: what draws them was not installed`;
  }
  const { draw } = await import('../../load/plots/draw.mjs');
  return `Written: ${[SCALE_TABLES.file, ...writePlots(report, planning, draw)].join(', ')}`;
}

/** The local stack is loaded only here. */
async function validate(): Promise<string> {
  const { validateLocally } = await import('./validation/validate.ts');
  const validation = await validateLocally((line) => process.stderr.write(`${line}\n`));
  writeBlock(VALIDATION_TABLE, validationInWords(validation));
  return `${validationInWords(validation)}\n\nWritten: ${VALIDATED_FILE}, ${VALIDATION_TABLE.file}`;
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
