import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  bin: { concierge: string };
};

/** `npx concierge …` in a process of its own: the file that package.json names, started as it is. */
export function runConcierge(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  /** What it reads from standard input. */
  input = '',
): Promise<CommandResult> {
  const child = spawn(join(ROOT, bin.concierge), args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}`, ...env },
  });
  // It may have gone before it has read anything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
