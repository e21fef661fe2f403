import { DrillClient, DrillError } from './restore/drill-client.ts';
import { linesOf, problemsIn, reportOf } from './restore/drill-report.ts';
import { playDrill } from './restore/drill-scenario.ts';
import { startStack } from './stack.ts';
import { SynthesisError, synthesize } from './synthesize.ts';

// `npm run drill`: a restore of the tables on the local stack, and the proof that nothing is said twice. What it
// shows: docs/recovery.md.

const STAGE = 'dev';
/** In place of a minute and a half: the drill has no outage to wait out. */
const SOON = { RING_AFTER_SECONDS: '2' };

async function run(): Promise<boolean> {
  const assembly = await step('the app is synthesized', () => synthesize({ stage: STAGE }));
  try {
    const stack = await step('the local stack comes up', () =>
      startStack({
        assemblyDirectory: assembly.directory,
        port: 0,
        dataDirectory: undefined,
        dynamodbEndpoint: undefined,
        openAi: undefined,
        onLog: () => {},
        variables: SOON,
      }),
    );
    try {
      const client = new DrillClient(stack.url);
      await playDrill({ stack, client, step });
      const reports = await reportOf(stack.cloud, client);
      console.log(`\nCustomers, after the restore:\n${linesOf(reports).join('\n')}`);
      const problems = problemsIn(reports);
      for (const problem of problems) console.log(`WRONG ${problem}`);
      if (problems.length === 0) console.log('\nNothing was said twice, and nothing is left over.');
      return problems.length === 0;
    } finally {
      await stack.close();
    }
  } finally {
    await assembly.remove();
  }
}

async function step<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const startedMs = Date.now();
  const value = await work();
  console.log(`${((Date.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return value;
}

const USAGE = `Usage: npm run drill

Puts the tables of a local stack back while customers write, and says what became of each: docs/recovery.md.
Takes no options; needs no cloud, and no npm start beside it.`;

const [option] = process.argv.slice(2);
if (option !== undefined) {
  const isHelp = option === '--help' || option === '-h';
  console[isHelp ? 'log' : 'error'](USAGE);
  process.exit(isHelp ? 0 : 2);
}
try {
  const isWell = await run();
  process.exit(isWell ? 0 : 1);
} catch (error) {
  const isKnown = error instanceof DrillError || error instanceof SynthesisError;
  console.error(isKnown ? error.message : error);
  process.exit(1);
}
