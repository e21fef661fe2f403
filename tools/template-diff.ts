import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { asMarkdown, type StackDifference } from './template-diff-markdown.ts';

// `npm run template-diff -- <commit> [--out FILE] [--all]`: what this checkout changes in the templates of all stages
// since that commit, in Markdown. Both sides are synthesized here; no cloud is asked.
const USAGE = `Usage: npm run template-diff -- <commit to compare with> [--out FILE] [--all]

What this checkout changes in the templates of all stages since that commit, in Markdown; no cloud is asked.

  --out FILE   into this file
  --all        however long it is`;

const root = resolve(import.meta.dirname, '..');
const { base, values } = readArguments();
const scratch = mkdtempSync(join(tmpdir(), 'template-diff-'));
const former = join(scratch, 'checkout');
try {
  git('worktree', 'add', '--quiet', '--detach', former, base);
  installIn(former);
  const [before, after] = [join(scratch, 'before'), join(scratch, 'after')];
  synthesize(former, before);
  synthesize(root, after);
  const since = git('rev-parse', '--short', base).trim();
  const most = values.all ? Number.POSITIVE_INFINITY : undefined;
  const markdown = asMarkdown(differences(before, after), since, most);
  if (values.out === undefined) process.stdout.write(markdown);
  else writeFileSync(values.out, markdown);
} finally {
  spawnSync('git', ['worktree', 'remove', '--force', former], { cwd: root });
  rmSync(scratch, { recursive: true, force: true });
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const [base, ...more] = positionals;
    if (base === undefined || more.length > 0) return refuse(USAGE);
    const found = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${base}^{commit}`], {
      cwd: root,
    });
    if (found.status !== 0) return refuse(`There is no commit ${base} in this checkout.`);
    return { base, values };
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' });
}

/** With the same lockfile the packages are the same. */
function installIn(checkout: string): void {
  const lock = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (lock(checkout) === lock(root)) {
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    return;
  }
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: checkout, stdio: 'inherit' });
}

/** Without the code's bundles: another hash of the code says nothing in a review. */
function synthesize(checkout: string, directory: string): void {
  const context = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
  const run = spawnSync(process.execPath, ['bin/concierge.ts'], {
    cwd: checkout,
    env: { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: context },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${checkout} does not synthesize:\n${run.stderr}`);
}

function differences(before: string, after: string): readonly StackDifference[] {
  const stacksIn = (directory: string) =>
    readdirSync(directory)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => file.replace('.template.json', ''));
  const stacks = [...new Set([...stacksIn(before), ...stacksIn(after)])].sort();
  return stacks.map((stack) => {
    const [was, is] = [before, after].map((folder) => join(folder, `${stack}.template.json`));
    if (!was || !existsSync(was)) return { stack, kind: 'new' };
    if (!is || !existsSync(is)) return { stack, kind: 'gone' };
    const args = ['diff', stack, '--exclusively', '--app', after, '--template', was];
    const run = spawnSync('cdk', [...args, '--no-color', '--no-notices', '--fail'], {
      encoding: 'utf8',
    });
    return run.status === 0
      ? { stack, kind: 'same' }
      : { stack, kind: 'changed', text: `${run.stdout}${run.stderr}` };
  });
}
