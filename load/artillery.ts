import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Verdict } from './judge/verdict.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { scriptOf } from './scenarios/script.ts';
import { asEnvironment } from './senders/orders.ts';
import type { LoadTarget } from './targets/target.ts';

const ARTILLERY = join(import.meta.dirname, 'node_modules/artillery/bin/run');
const HOOKS = join(import.meta.dirname, 'senders/hooks.mjs');

/** The file of the run's folder that has what artillery said. */
export const ARTILLERY_LOG = 'artillery.txt';

/**
 * Has artillery send a scenario; what was sent lies in the folder's ledger afterwards.
 * @returns what artillery's own thresholds say
 */
export async function runArtillery(
  scenario: Scenario,
  { place, url, appSecret, numbers }: LoadTarget,
  folder: string,
): Promise<readonly Verdict[]> {
  const script = join(folder, 'script.json');
  const log = join(folder, ARTILLERY_LOG);
  writeFileSync(script, `${JSON.stringify(scriptOf(scenario, place, HOOKS), undefined, 2)}\n`);
  const child = spawn(process.execPath, [ARTILLERY, 'run', script, '--target', url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...asEnvironment({ appSecret, numbers, ledger: folder }),
      ARTILLERY_DISABLE_TELEMETRY: 'true',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  await pipeline(child.stdout, createWriteStream(log));
  const code = await ended;
  return verdictsIn(readFileSync(log, 'utf8'), code);
}

/** The plugin `ensure` prints a line for each of its checks. */
export function verdictsIn(log: string, code: number): readonly Verdict[] {
  const checks = [...log.matchAll(/^(ok|fail): (.+)$/gm)].map(
    ([, verdict, what = '']): Verdict => ({
      by: 'artillery',
      what,
      is: verdict === 'ok' ? 'holds' : 'does not hold',
      wanted: '',
      holds: verdict === 'ok',
    }),
  );
  if (checks.some(({ holds }) => !holds)) return checks;
  if (checks.length > 0 && code === 0) {
    const is = `${checks.length} hold`;
    return [{ by: 'artillery', what: 'the same by artillery', is, wanted: '', holds: true }];
  }
  const is = `ended with ${code} and ${checks.length} checks`;
  return [
    ...checks,
    { by: 'artillery', what: 'artillery itself', is, wanted: ARTILLERY_LOG, holds: false },
  ];
}
