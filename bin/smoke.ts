import { setTimeout as pause } from 'node:timers/promises';
import { findingsInWords } from '#operator/findings.ts';
import { awsAccount } from './deploy/aws-account.ts';
import { deployments } from './deployments.ts';
import { findTarget } from './smoke/find-target.ts';
import { readSmokeOptions, SMOKE_USAGE, UsageError } from './smoke/options.ts';
import { smokeTest } from './smoke/smoke-test.ts';

// `npm run smoke -- <stage>`: docs/deploying.md.
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function run(argv: readonly string[]): Promise<number> {
  const options = readSmokeOptions(argv);
  if (options === 'help') {
    console.log(SMOKE_USAGE);
    return 0;
  }
  const appSecret = process.env['SMOKE_APP_SECRET'] || undefined;
  const found = await findTarget(options, (stage) => {
    const { env } = deployments[stage];
    return awsAccount(env ? { region: env.region } : {});
  });
  if (found.kind === 'unreachable') {
    console.log(found.reason);
    return 0;
  }
  const findings = await smokeTest({ url: found.url, appSecret }, { fetch, pause });
  process.stdout.write(findingsInWords(findings));
  return findings.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}
