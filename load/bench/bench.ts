import { join } from 'node:path';
import { UsageError } from '../../bin/operator/operator-error.ts';
import { writeBlock } from '../../tools/documents/marked-block.ts';
import { installLoadPackage } from '../install.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { leaveNothing } from './leave-nothing.ts';
import { measuredWhere } from './machine.ts';
import { measureAll } from './measure-all.ts';
import { type BenchOptions, benchUsage, DEFAULT_RUNS, readBenchOptions } from './options.ts';
import { inMarkdown, isMet, summaryOf } from './print.ts';
import type { Section } from './section.ts';

const COMMAND = 'npm run bench -- --write';
const DOCUMENT = {
  file: join(import.meta.dirname, '../../docs/performance.md'),
  command: COMMAND,
};

// `npm run bench`: docs/performance.md.
const names = BENCHMARKS.map(({ name }) => name);
try {
  const options = readBenchOptions(process.argv.slice(2), names);
  if (options === 'help') console.log(benchUsage(names));
  else process.exitCode = await bench(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** @returns how the process is to end: 1 where a target is missed, or something could not be measured */
async function bench({ only, runs = DEFAULT_RUNS, output }: BenchOptions): Promise<number> {
  const installed = await installLoadPackage();
  if (installed !== 0) return installed;
  leaveNothing();
  const where = measuredWhere();
  const { sections, failures } = await measureAll(
    BENCHMARKS.filter(({ name }) => only?.includes(name) ?? true),
    // Aside, so that the output is nothing but the result.
    { runs, say: (line) => console.error(line) },
    (section) => {
      if (output !== 'json') console.log(`${inMarkdown(section)}\n`);
    },
  );
  if (output === 'json') {
    console.log(JSON.stringify({ ...where, runs, sections, failures }, undefined, 2));
  } else console.log(summaryOf(sections, failures));
  if (output === 'file') writeDocument(failures.length === 0, { ...where, runs, sections });
  const isGood = failures.length === 0 && sections.every(({ targets }) => targets.every(isMet));
  return isGood ? 0 : 1;
}

function writeDocument(
  isWhole: boolean,
  { machine, versions, date, runs, sections }: Measured,
): void {
  if (!isWhole) {
    console.log('docs/performance.md stays as it was: it has everything, or is not written.');
    return;
  }
  const head = `Measured on ${date} with \`${COMMAND}\`, medians of ${runs} runs: ${machine}; ${versions}.`;
  writeBlock(DOCUMENT, [head, ...sections.map(inMarkdown)].join('\n\n'));
  console.log('Written: docs/performance.md');
}

interface Measured extends ReturnType<typeof measuredWhere> {
  readonly runs: number;
  readonly sections: readonly Section[];
}
