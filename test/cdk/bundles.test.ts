import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
