import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '#domain/json.ts';
import { awsAccount } from './deploy/aws-account.ts';
import { DEPLOY_USAGE, readDeployOptions, UsageError } from './deploy/deploy-command.ts';
import { runDeploy } from './deploy/run-deploy.ts';
import { deployments } from './deployments.ts';

// `npm run deploy -- <stage>`; npm has put the CDK CLI and the compiler on the PATH.
try {
  process.exitCode = await deploy(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function deploy(argv: readonly string[]): Promise<number> {
  const options = readDeployOptions(argv);
  if (options === 'help') {
    console.log(DEPLOY_USAGE);
    return 0;
  }
  const config = deployments[options.stage];
  const directory = await mkdtemp(join(tmpdir(), 'concierge-deploy-'));
  try {
    return await runDeploy(options, {
      config,
      account: awsAccount(config.env ? { region: config.env.region } : {}),
      typeCheck: () => run('tsc', []),
      cdk: (args) => run('cdk', args),
      directory,
      readTemplate: async (stack) => {
        const text = await readFile(join(directory, `${stack}.template.json`), 'utf8');
        const template: unknown = JSON.parse(text);
        return isObject(template) ? template : {};
      },
      everyMinute: (run) => {
        const timer = setInterval(run, 60_000);
        return { stop: () => clearInterval(timer) };
      },
      out: (text) => process.stdout.write(text),
      now: Date.now,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function run(tool: 'cdk' | 'tsc', args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, { stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(`Cannot start ${tool} (${error.message}). Use npm run deploy -- <stage>.`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
