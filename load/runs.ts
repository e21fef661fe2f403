import { spawn } from 'node:child_process';

/**
 * Runs a command that speaks for itself, to standard error: ours may be read by a program.
 * @returns how it ended
 */
export function runs(command: string, args: readonly string[], variables = {}): Promise<number> {
  const child = spawn(command, args, {
    stdio: ['inherit', 2, 'inherit'],
    env: { ...process.env, ...variables },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
