import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { stageNames } from '#lib/config/stages.ts';
import { readDeployOptions } from '../../../bin/deploy/deploy-command.ts';
import { readSmokeOptions } from '../../../bin/smoke/options.ts';
import { readLoadOptions } from '../../../load/options.ts';
import { asMarkdown } from '../../../tools/template-diff-markdown.ts';

const FOLDER = '.github/workflows';
const files = readdirSync(FOLDER);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly concurrency: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

function workflow(file: string): Workflow {
  return parse(readFileSync(join(FOLDER, file), 'utf8'));
}

function problemsOf(name: string, content: string): readonly string[] {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const problems = context.errors.getErrors().map(({ message }) => message);
  return value ? problems : [...problems, 'no workflow at all'];
}

describe.each(files)('the workflow %s', (file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const jobs = Object.values(workflow(file).jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('is one by the schema of GitHub itself', () => {
    expect(problemsOf(file, text)).toEqual([]);
    expect(problemsOf(file, text.replace('timeout-minutes', 'timeout-hours'))).not.toEqual([]);
  });

  it('takes every action by its commit, and says which version that is', () => {
    const uses = text.match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(2);
    for (const line of uses)
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('lets each job do no more than it says, for no longer than it needs', () => {
    expect(workflow(file).permissions).toEqual({});
    expect(workflow(file).concurrency).toBeDefined();
    for (const job of jobs) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
      const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level === 'write');
      // Who may write runs none of the repository's code, or only main's.
      if (writes.some(([what]) => what === 'pull-requests')) {
        expect(job.steps.some(({ run }) => run !== undefined)).toBe(false);
        expect(job.steps.some(({ uses }) => uses?.startsWith('actions/checkout'))).toBe(false);
      }
      if (writes.some(([what]) => what === 'id-token')) expect(job.environment).toBeDefined();
    }
  });

  it('puts nothing of an event into a shell, and no secret into a line', () => {
    for (const { run, with: inputs } of steps) {
      expect(run ?? '').not.toContain('${{');
      expect(String(inputs?.['script'] ?? '')).not.toContain('${{');
    }
    expect(Object.keys(workflow(file).on)).not.toContain('pull_request_target');
  });

  it('leaves no token behind in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout'));
    for (const each of checkouts) expect(each.with?.['persist-credentials']).toBe(false);
  });

  it('runs what is there: every npm script and every file', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(runs.length).toBeGreaterThan(1);
    for (const run of runs) {
      const script = /^npm run (?:--silent )?([\w:-]+)/.exec(run)?.[1];
      if (script !== undefined) expect(Object.keys(scripts), run).toContain(script);
      else expect(['npm ci', '.ci/run']).toContain(run);
    }
  });
});

describe('the way to prod', () => {
  const { jobs } = workflow('deploy.yml');
  const runs = (job: string) => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

  it('is checked, then staging, then prod: each only after the one before', () => {
    expect(
      Object.entries(jobs).map(([name, { needs, environment }]) => [name, needs, environment]),
    ).toEqual([
      ['check', undefined, undefined],
      ['staging', 'check', 'staging'],
      ['prod', 'staging', 'prod'],
    ]);
    for (const { steps } of Object.values(jobs)) {
      expect(JSON.stringify(steps)).not.toMatch(/continue-on-error|always\(\)/);
    }
  });

  it.each(['staging', 'prod'])('deploys %s and tries it, by commands that mean it', (stage) => {
    expect(runs(stage)).toEqual([
      'npm ci',
      `npm run deploy -- ${stage} --require-approval never`,
      `npm run smoke -- ${stage}`,
      ...(stage === 'staging' ? ['npm run load -- burst --target staging'] : []),
    ]);
    const [, deploy = '', smoke = ''] = runs(stage).map((run) => run.split(' -- ')[1] ?? '');
    expect(stageNames).toContain(stage);
    expect(readDeployOptions(deploy.split(' '))).toEqual({
      stage,
      isCheck: false,
      isAtOnce: false,
      rest: ['--require-approval', 'never'],
    });
    expect(readSmokeOptions([smoke])).toEqual({ stage });
    const burst = runs(stage)[3]?.split(' -- ')[1];
    if (burst !== undefined) {
      expect(readLoadOptions(burst.split(' '))).toMatchObject({ target: { stage } });
    }
  });

  it('gives a role and no key', () => {
    const text = readFileSync(join(FOLDER, 'deploy.yml'), 'utf8');
    expect(text).not.toMatch(/access-key|AWS_SECRET/i);
    expect(text.match(/secrets\.\w+/g)).toEqual(Array(3).fill('secrets.SMOKE_APP_SECRET'));
  });
});

test('the difference of templates says first what is made anew, and fits a comment', () => {
  const text =
    'Resources\n[~] AWS::SQS::Queue Chats Q1 replace\n └─ [~] FifoQueue (requires replacement)\n[-] AWS::SNS::Topic T destroy\n```\n';
  const changed = { stack: 'concierge-prod-service', kind: 'changed', text } as const;
  const markdown = asMarkdown(
    [changed, { stack: 'other', kind: 'same' }, { stack: 'third', kind: 'new' }],
    'abc',
  );
  expect(markdown).toContain(
    '**Look twice**: something is made anew or goes in concierge-prod-service',
  );
  expect(markdown).toContain('\n! [~] AWS::SQS::Queue');
  expect(markdown).toContain('\n- [-] AWS::SNS::Topic');
  expect(markdown).toContain('- third is new');
  expect(markdown).toContain('Unchanged: other.');
  expect(markdown.match(/```/g)).toHaveLength(2);
  expect(asMarkdown([{ stack: 'other', kind: 'same' }], 'abc')).toContain(
    'Nothing changes since abc',
  );
  const likewise = { ...changed, stack: 'concierge-dev-service' };
  const twice = asMarkdown([likewise, changed], 'abc');
  expect(twice).toContain('<summary>concierge-dev-service, concierge-prod-service</summary>');
  expect(twice.match(/FifoQueue/g)).toHaveLength(1);
  const long = asMarkdown([{ ...changed, text: 'x\n'.repeat(50_000) }], 'abc');
  expect(long.length).toBeLessThan(61_000);
  expect(long).toContain('Cut off: `npm run template-diff -- abc --all`');
});

test('a text becomes the output of a step whatever it says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-output-'));
  try {
    const [text, output] = [join(folder, 'text'), join(folder, 'output')];
    writeFileSync(text, 'EOF\nadmin=true\n');
    writeFileSync(output, '');
    execFileSync(process.execPath, ['tools/workflow-output.ts', 'markdown', text], {
      env: { ...process.env, GITHUB_OUTPUT: output },
    });
    const [first = '', ...lines] = readFileSync(output, 'utf8').trimEnd().split('\n');
    const end = first.replace('markdown<<', '');
    expect(end).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines).toEqual(['EOF', 'admin=true', '', end]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
