import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { awsAccount } from '../bin/deploy/aws-account.ts';
import { deployments } from '../bin/deployments.ts';
import { UsageError } from '../bin/operator/operator-error.ts';
import { findTarget } from '../bin/smoke/find-target.ts';
import { APP_SECRET } from '../local/demo.ts';
import { SIMULATOR_API_PREFIX } from '../local/simulator-api/simulator-api.ts';
import { installLoadPackage } from './install.ts';
import { LOAD_USAGE, type LoadOptions, readLoadOptions } from './options.ts';
import { isEven, readCounts, reconcile, takenIn } from './reconcile.ts';
import { runs } from './runs.ts';

const FOLDER = import.meta.dirname;
const ARTILLERY = join(FOLDER, 'node_modules/artillery/bin/run');

// `npm run load -- burst --target staging`: docs/deploying.md.
try {
  const options = readLoadOptions(process.argv.slice(2));
  if (options === 'help') console.log(LOAD_USAGE);
  else process.exitCode = await load(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** @returns how the process is to end: 1 where a threshold is missed, or what was sent is not answered */
async function load(options: LoadOptions): Promise<number> {
  const found = await findTarget(options.target, (stage) => {
    const { env } = deployments[stage];
    return awsAccount(env ? { region: env.region } : {});
  });
  if (found.kind === 'unreachable') {
    console.log(found.reason);
    return 0;
  }
  const appSecret = process.env['LOAD_APP_SECRET'] || (options.isLocal ? APP_SECRET : undefined);
  if (appSecret === undefined) {
    throw new UsageError('Put the app secret, by which webhooks are signed, into LOAD_APP_SECRET');
  }
  const installed = await installLoadPackage();
  if (installed !== 0) return installed;
  return options.isLocal
    ? await burstAndReconcile(options, found.url, appSecret)
    : (await burst(options, found.url, appSecret)).code;
}

/** What comes of the messages is known here only: a stage's alarms tell of it there. */
async function burstAndReconcile(
  options: LoadOptions,
  url: string,
  appSecret: string,
): Promise<number> {
  const metrics = `${url}${SIMULATOR_API_PREFIX}metrics`;
  const read = async () => readCounts(await fetch(metrics).catch(nobodyThere));
  const before = await read();
  const { code, taken } = await burst(options, url, appSecret);
  const found = await reconcile(before, taken, { readCounts: read, pause });
  const { accepted, answered, parked } = found;
  console.log(`Sent ${taken}, accepted ${accepted}, answered ${answered}, parked ${parked}.`);
  return isEven(taken, found) ? code : 1;
}

async function burst({ scenario, isLocal }: LoadOptions, url: string, appSecret: string) {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  try {
    const report = join(folder, 'report.json');
    const environment = isLocal ? 'local' : 'deployed';
    const where = ['--environment', environment, '--target', url, '--output', report];
    const code = await runs(
      process.execPath,
      [ARTILLERY, 'run', join(FOLDER, `${scenario}.yml`), ...where],
      { LOAD_APP_SECRET: appSecret, ARTILLERY_DISABLE_TELEMETRY: 'true' },
    );
    return { code, taken: existsSync(report) ? takenIn(readFileSync(report, 'utf8')) : 0 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nobodyThere(): never {
  throw new UsageError('Nothing answers there: start it first by npm start');
}
