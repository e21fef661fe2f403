import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';
import { SimulatorClient } from './simulator-client.ts';

/** `npm start` in a process of its own, as any user runs it. */
export interface LocalStack {
  readonly url: string;
  /** What the functions wrote to their logs so far. */
  functionLog(): readonly string[];
  /** Stops it as Ctrl-C does. @returns its exit code */
  close(): Promise<number | null>;
}

const START = join(import.meta.dirname, '..', '..', 'local', 'start.ts');

/** Resolves when the stack says that it is ready. */
export async function startStack(options: readonly string[] = []): Promise<LocalStack> {
  const child = spawn(process.execPath, [START, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], CONCIERGE_LOG: '1' },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const log: string[] = [];
  createInterface(child.stderr).on('line', (line) => log.push(line));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const ready = /^Ready on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
    child.once('close', (code) => {
      reject(new Error(`npm start ended with ${code}:\n${log.join('\n')}`));
    });
  });
  return {
    url,
    functionLog: () => log,
    close: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** One stack for the tests of a file, and a client of its simulator. */
export interface SharedStack {
  readonly stack: LocalStack;
  readonly simulator: SimulatorClient;
}

/** Starts a stack before the file's first test and stops it after the last. */
export function useLocalStack(): () => SharedStack {
  let shared: SharedStack | undefined;
  beforeAll(async () => {
    const stack = await startStack();
    shared = { stack, simulator: new SimulatorClient(stack.url) };
  });
  afterAll(() => shared?.stack.close());
  return () => {
    if (!shared) throw new Error('The local stack is not up yet');
    return shared;
  };
}
