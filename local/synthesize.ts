import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endsWithUs } from './ends-with-us.ts';

/** Raised when the CDK app does not synthesize; its message holds what the app said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

export interface Assembly {
  readonly directory: string;
  remove(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..');

/**
 * Synthesizes one stage with the very app that `cdk deploy` runs, into a directory of its own.
 * @param entry the app's entry, where it is another
 * @param context `stage`, and what goes over its configuration: lib/concierge-app.ts
 */
export async function synthesize(
  context: Readonly<Record<string, string>>,
  entry = join(ROOT, 'bin', 'concierge.ts'),
): Promise<Assembly> {
  const directory = await mkdtemp(join(tmpdir(), 'concierge-'));
  const app = endsWithUs(
    spawn(process.execPath, [entry], {
      cwd: ROOT,
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify(context),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const said: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  const remove = () => rm(directory, { recursive: true, force: true });
  if (code !== 0) {
    await remove();
    throw new SynthesisError(
      `The CDK app did not synthesize (exit ${code}):\n${Buffer.concat(said).toString('utf8')}`,
    );
  }
  return { directory, remove };
}
