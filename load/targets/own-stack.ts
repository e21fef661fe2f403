import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START = join(import.meta.dirname, '../../local/start.ts');
const PATIENCE_MS = 120_000;

export interface OwnStack {
  readonly url: string;
  close(): Promise<void>;
}

/** Brings up what `npm start` does, on a free port and with the scripted model. */
export async function startOwnStack(): Promise<OwnStack> {
  const { OPENAI_API_KEY: _, ...environment } = process.env;
  const child = spawn(process.execPath, [START, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // As `npm start` it ends when whoever started it does.
    env: { ...environment, npm_lifecycle_event: 'start' },
  });
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^Ready on (\S+)$/.exec(line)?.[1];
      if (url === undefined) continue;
      return {
        url,
        close: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error('The local stack did not come up: try npm start');
}
