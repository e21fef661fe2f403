import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** As in a new shell on a new machine: nothing tells of an account or a region. */
function run(command: string) {
  const [file = '', ...args] = command.split(' ');
  const env = { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it.each([
  ['bin/smoke.ts staging', 'AWS_REGION'],
  ['bin/restore.ts staging --stop-traffic', 'AWS_REGION'],
  ['bin/restore.ts nowhere --stop-traffic', 'There is no stage "nowhere"'],
  ['tools/template-diff.ts no-such-commit', 'There is no commit no-such-commit'],
  ['tools/template-diff.ts main --everything', 'Usage: npm run template-diff'],
  ['local/drill.ts --slowly', 'Usage: npm run drill'],
  ['tools/cost/cost.ts --model gpt-99', 'Usage: npm run cost'],
  ['load/run.ts flood --target local', 'Usage: npm run load'],
  ['load/run.ts burst --target prod', 'Customers are served there'],
])('%s says in words what is wrong, and has begun nothing', (command, words) => {
  const { status, stdout, stderr } = run(command);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at |What was begun/m);
});

it.each([
  'bin/deploy.ts',
  'bin/restore.ts',
  'bin/smoke.ts',
  'load/run.ts',
  'local/drill.ts',
  'tools/cost/cost.ts',
  'tools/template-diff.ts',
])('%s --help says how it is used', (file) => {
  const { status, stdout } = run(`${file} --help`);
  expect(status).toBe(0);
  expect(stdout).toContain('Usage: npm run ');
});
