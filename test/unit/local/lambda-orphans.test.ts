import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';

// Real processes are started here, which takes a busy machine longer than five seconds.
vi.setConfig({ testTimeout: 30_000 });

const PARENT = fileURLToPath(new URL('../../support/lambda-parent.ts', import.meta.url));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each([
  ['idle', 'nothing'],
  ['at work', 'hang'],
])('an execution environment that is %s ends when its parent is killed', async (_, doing) => {
  const parent = spawn(process.execPath, [PARENT, doing], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(parent.stdout), 'line');
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
});
