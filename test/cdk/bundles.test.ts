import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'concierge-bundles-'));
  execFileSync(process.execPath, ['bin/concierge.ts'], {
    env: { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ stage: 'dev' }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

it('synthesizes one stage with its code by running the app alone, without the CDK CLI', () => {
  expect(existsSync(join(outdir, 'concierge-dev-service.template.json'))).toBe(true);
  expect(existsSync(join(outdir, 'concierge-prod-service.template.json'))).toBe(false);
});

it('gives bundles that load with nothing installed and nothing configured, and export a handler', () => {
  const bundles = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  expect(bundles.length).toBeGreaterThan(0);
  const script = `for (const bundle of process.argv.slice(1)) {
    const { handler } = await import(bundle);
    if (typeof handler !== 'function') throw new Error(bundle + ' exports no handler');
  }`;
  const files = bundles.map((name) => join(outdir, name, 'handler.mjs'));
  execFileSync(process.execPath, ['--input-type=module', '--eval', script, ...files], {
    cwd: outdir,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

/** The folder of a function's code, by a word that only its handler has. */
function bundleWith(word: string): string {
  const found = readdirSync(outdir).filter(
    (name) =>
      name.startsWith('asset.') &&
      readFileSync(join(outdir, name, 'handler.mjs'), 'utf8').includes(word),
  );
  expect(found).toHaveLength(1);
  return join(outdir, found[0] ?? '');
}

it.each([
  ['ingest', 'hub.verify_token', 260],
  ['processor', 'CHAT_DEAD_LETTER_QUEUE_URL', 680],
])('keeps what %s reads at a cold start small', (_, word, mostKb) => {
  const bundle = bundleWith(word);
  expect(statSync(join(bundle, 'handler.mjs')).size / 1024).toBeLessThan(mostKb);
  const code = readFileSync(join(bundle, 'handler.mjs'), 'utf8');
  // The SDK's own way to credentials and settings, and what no text turn needs.
  for (const left of ['sso-oidc', 'AWS_EC2_METADATA', 'GetBucketAcl', 'chat/completions']) {
    expect(code).not.toContain(left);
  }
});

it('lays beside the processor what only some turns need', () => {
  const files = readdirSync(bundleWith('CHAT_DEAD_LETTER_QUEUE_URL'));
  expect(files.filter((file) => file.endsWith('.mjs')).sort()).toEqual([
    'client-s3.mjs',
    'handler.mjs',
    'openai.mjs',
    'pdf-worker.mjs',
  ]);
});

it('lays beside each function what it loads later, and that loads with nothing installed', () => {
  const later = readdirSync(outdir)
    .filter((name) => name.startsWith('asset.'))
    .flatMap((name) => {
      const code = readFileSync(join(outdir, name, 'handler.mjs'), 'utf8');
      const files = code.matchAll(/import\([`"']\.\/([\w-]+\.mjs)[`"']\)/g);
      return [...files].map(([, file = '']) => join(outdir, name, file));
    });
  const names = new Set(later.map((file) => basename(file)));
  expect([...names].sort()).toEqual(['client-s3.mjs', 'client-sns.mjs', 'openai.mjs']);
  const script = 'for (const file of process.argv.slice(1)) await import(file);';
  execFileSync(process.execPath, ['--input-type=module', '--eval', script, ...later], {
    cwd: outdir,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

it('starts no function with what hides behind the getters of Node', () => {
  const bundles = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const script = `await import(process.argv[1]);
    const isLoaded = process.moduleLoadList.some((name) => name.endsWith('deps/undici/undici'));
    if (isLoaded) throw new Error('fetch is loaded');`;
  for (const name of bundles) {
    const file = join(outdir, name, 'handler.mjs');
    execFileSync(process.execPath, ['--input-type=module', '--eval', script, file], { env: {} });
  }
});

it('tells in a stack where in the source it was', () => {
  const file = join(bundleWith('CHAT_DEAD_LETTER_QUEUE_URL'), 'handler.mjs');
  const script = `const { handler } = await import(process.argv[1]);
    await handler({ Records: [] }, {}).catch((error) => console.log(error.stack));`;
  const flags = ['--input-type=module', '--eval', script, file];
  const stack = execFileSync(process.execPath, flags, { env: {}, encoding: 'utf8' });
  expect(stack).toMatch(/^MissingEnvironmentError: Set these environment variables/);
  expect(stack).toMatch(/\n {4}at readEnv \(\S*src\/runtime\/env\.ts:\d+:\d+\)/);
  expect(stack).toMatch(/\n {4}at buildServices \(\S*lambdas\/processor\/handler\.ts:\d+:\d+\)/);
});

it('has each handler that is deployed with a source map read it for stacks, and no other', () => {
  const bundles = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const files = bundles.map((name) => join(outdir, name, 'handler.mjs'));
  const mapped = files.filter((file) => existsSync(`${file}.map`));
  expect(mapped.length).toBeGreaterThan(0);
  const script = `for (const bundle of process.argv.slice(1)) {
    delete Error.prepareStackTrace;
    await import(bundle);
    if (Error.prepareStackTrace) console.log(bundle);
  }`;
  const flags = ['--input-type=module', '--eval', script, ...files];
  const reading = execFileSync(process.execPath, flags, { env: {}, encoding: 'utf8' });
  expect(reading.trim().split('\n')).toEqual(mapped);
});
