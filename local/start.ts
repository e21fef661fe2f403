import { readOptions, type StartOptions, USAGE, UsageError } from './options.ts';
import { onceParentIsGone } from './parent.ts';
import { DataDirectoryError } from './private-folder.ts';
import { startStack } from './stack.ts';
import { SynthesisError, synthesize } from './synthesize.ts';

// `npm start`: the app as `cdk deploy` would deploy it, on this machine, until Ctrl-C.

/** One stage is as good as another here: this is the one that developers deploy. */
const STAGE = 'dev';

async function run(options: StartOptions): Promise<void> {
  // What customers wrote is in every file of it.
  if (options.dataDirectory !== undefined) process.umask(0o077);
  const stopping = stopSignal();
  console.error('Synthesizing the app…');
  const { tenantVault } = options;
  const context = { stage: STAGE, ...(tenantVault && { tenantVault }) };
  const assembly = await synthesize(context).catch((error: unknown) => {
    if (!stopping.aborted) throw error;
  });
  if (!assembly) return;
  try {
    if (stopping.aborted) return;
    const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = process.env;
    const stack = await startStack({
      ...options,
      assemblyDirectory: assembly.directory,
      openAi: apiKey ? { apiKey, baseUrl: baseUrl || 'https://api.openai.com/v1' } : undefined,
      onCrowd: (environments) => console.error(crowdNotice(environments)),
      onLog: ({ functionName, stream, text }) => {
        if (process.env['CONCIERGE_LOG']) console.error(`${functionName} ${stream} ${text}`);
      },
    });
    console.log(`Ready on ${stack.url}`);
    await untilAborted(stopping);
    await stack.close();
  } finally {
    await assembly.remove();
  }
}

function crowdNotice(environments: number): string {
  return `Many requests wait for one of the ${environments} processes of their function; until none does, queues are worked off slowly. More processes: npm start -- --environments N. Why: docs/local-cloud.md`;
}

/** Ctrl-C, or whoever runs us. A second Ctrl-C does not wait for anything. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  if (process.env['npm_lifecycle_event'] === 'start') onceParentIsGone(() => stopping.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.once('SIGINT', () => process.exit(130));
      stopping.abort();
    });
  }
  return stopping.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What the person at the terminal is to know of a start that failed. */
function explain(error: unknown): unknown {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof SynthesisError || error instanceof DataDirectoryError) return error.message;
  if (error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE') {
    return 'The port is in use: stop what listens there, or try npm start -- --port 0';
  }
  return error;
}

// Ended outright: a peer that answers slowly, or half of a failed start, may still hold timers.
try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') console.log(USAGE);
  else await run(options);
  process.exit(0);
} catch (error) {
  console.error(explain(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}
