import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const DRILL = join(import.meta.dirname, '..', '..', 'local', 'drill.ts');

// The drill judges itself, by what is on the customers' phones and in the tables; it ends with 1 where a promise
// is broken, and then its output is in the error.
test('a drill of a restore: nothing is said twice, and what may have been answered goes to a person', async () => {
  const { stdout } = await run(process.execPath, [DRILL]);
  expect(stdout).toContain('Nothing was said twice, and nothing is left over.');
  expect(stdout).toMatch(/thinking .*\n +maybe-answered; flagged maybe-answered; 1 reply/);
  expect(stdout).toMatch(/outage .*\n +maybe-answered; flagged maybe-answered; 0 replies/);
});
