import { spawn } from 'node:child_process';
import { deployCommand, UsageError } from './deploy-command.ts';

// `npm run deploy -- <stage>`; npm has put the CDK CLI on the PATH.
try {
  const { command, args } = deployCommand(process.argv.slice(2));
  const cdk = spawn(command, args, { stdio: 'inherit' });
  cdk.once('error', (error) => {
    console.error(`Cannot start ${command} (${error.message}). Use npm run deploy -- <stage>.`);
    process.exitCode = 1;
  });
  cdk.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
