import { join } from 'node:path';
import { UsageError } from '../../bin/operator/operator-error.ts';
import { writeBlock } from '../../tools/documents/marked-block.ts';
import { installLoadPackage } from '../install.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { measuredWhere } from './machine.ts';
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

/** @returns how the process is to end: 1 where a target is missed */
async function bench({ only, runs = DEFAULT_RUNS, output }: BenchOptions): Promise<number> {
  const installed = await installLoadPackage();
  if (installed !== 0) return installed;
  const where = measuredWhere();
  const sections: Section[] = [];
  for (const benchmark of BENCHMARKS.filter(({ name }) => only?.includes(name) ?? true)) {
    // Aside, so that the output is nothing but the result.
    const say = (line: string) => console.error(line);
    const section = await benchmark.run({ runs, say });
    sections.push(section);
    if (output !== 'json') console.log(`${inMarkdown(section)}\n`);
  }
  if (output === 'json') console.log(JSON.stringify({ ...where, runs, sections }, undefined, 2));
  else console.log(summaryOf(sections));
  if (output === 'file') {
    const { machine, versions, date } = where;
    const head = `Measured on ${date} with \`${COMMAND}\`, medians of ${runs} runs: ${machine}; ${versions}.`;
    writeBlock(DOCUMENT, [head, ...sections.map(inMarkdown)].join('\n\n'));
    console.log('Written: docs/performance.md');
  }
  return sections.every(({ targets }) => targets.every(isMet)) ? 0 : 1;
}
