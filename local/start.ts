import { readOptions, type StartOptions, USAGE, UsageError } from './options.ts';
import { startStack } from './stack.ts';
import { SynthesisError, synthesize } from './synthesize.ts';

// `npm start`: the app as `cdk deploy` would deploy it, on this machine, until Ctrl-C.

/** One stage is as good as another here: this is the one that developers deploy. */
const STAGE = 'dev';

async function run(options: StartOptions): Promise<void> {
  const assembly = await synthesize(STAGE);
  try {
    const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = process.env;
    const stack = await startStack({
      ...options,
      assemblyDirectory: assembly.directory,
      openAi: apiKey ? { apiKey, baseUrl: baseUrl || 'https://api.openai.com/v1' } : undefined,
      onLog: ({ functionName, stream, text }) => {
        if (process.env['CONCIERGE_LOG']) console.error(`${functionName} ${stream} ${text}`);
      },
    });
    console.log(`Ready on ${stack.url}`);
    await untilStopped();
    await stack.close();
  } finally {
    await assembly.remove();
  }
}

/** Ctrl-C, or whoever runs us. A second Ctrl-C does not wait for anything. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once('SIGINT', () => process.exit(130));
        resolve();
      });
    }
  });
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') console.log(USAGE);
  else await run(options);
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else if (error instanceof SynthesisError) console.error(error.message);
  else console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
