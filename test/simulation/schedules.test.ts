import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Runs the command that people run; its output is in the message where it fails. */
async function simulate(...args: readonly string[]): Promise<string> {
  const command = ['test/simulation/simulate.ts', ...args];
  const { stdout, stderr } = await run(process.execPath, command).catch((error: unknown) => {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error) {
      return { stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  });
  return stdout + stderr;
}

const ALL_WELL = (schedules: number) =>
  new RegExp(
    `schedules ${schedules}, lost 0, duplicated 0, out of order 0, leaked 0, ambiguous resends \\d+\n$`,
  );

test('ten thousand schedules of a fixed seed', async () => {
  const output = await simulate('--schedules', '10000', '--seed', '20261126');
  expect(output, output).not.toContain('FAILED');
  expect(output, output).toMatch(ALL_WELL(10_000));
  // Every kind of fault took place.
  expect(output, output).not.toMatch(/fault .*: 0$/m);
});

test('some schedules that nobody has seen before', async () => {
  const seed = randomInt(2 ** 47);
  const output = await simulate('--schedules', '1000', '--seed', String(seed));
  expect(output, `seed ${seed}\n${output}`).not.toContain('FAILED');
  expect(output, `seed ${seed}\n${output}`).toMatch(ALL_WELL(1_000));
});

test('input that cannot be used is refused in one line', async () => {
  expect(await simulate('--schedules', 'many')).toBe(
    '--schedules is a whole number from 1 to 100000000, not "many"\n',
  );
});
