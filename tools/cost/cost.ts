import { deployments } from '../../bin/deployments.ts';
import { writeBlock } from '../documents/marked-block.ts';
import { stageTemplates } from '../documents/stage-templates.ts';
import { COST_IN_README, COST_TABLES } from './cost-tables.ts';
import { deployedFrom } from './deployed.ts';
import { readMeasured } from './measured.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { inOneSentence, inWords } from './print.ts';
import { reportOf } from './report.ts';

/** `npm run cost`: what the application costs, from the template, measured figures and list prices. */
function run(argv: readonly string[]): string {
  const options = readOptions(argv);
  if (options === 'help') return USAGE;
  const { stage, traffic, output } = options;
  const { processor, secrets } = deployments[stage];
  const deployed = deployedFrom(stageTemplates(stage));
  const report = reportOf(
    { traffic, deployed, measured: readMeasured() },
    { stage, model: options.model ?? processor.defaultModel, vault: secrets.tenantVault },
  );
  if (output === 'json') return JSON.stringify(report, undefined, 2);
  if (output === 'words') return inWords(report);
  writeBlock(COST_TABLES, inWords(report));
  writeBlock(COST_IN_README, inOneSentence(report));
  return `Written: ${COST_TABLES.file}, ${COST_IN_README.file}`;
}

try {
  process.stdout.write(`${run(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
