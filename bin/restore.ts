import { setTimeout as wait } from 'node:timers/promises';
import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { deployments } from './deployments.ts';
import { explainError } from './operator/explain-error.ts';
import { OperatorError } from './operator/operator-error.ts';
import type { RestoreDeps } from './restore/aws.ts';
import { RESTORE_USAGE, readOrder } from './restore/read-order.ts';
import { runOrder } from './restore/run-order.ts';
import { readStageTemplate } from './restore/stage-template.ts';

// `npm run restore -- <stage> ...`: docs/runbooks/restore.md.
const argv = process.argv.slice(2);
try {
  if (argv.some((each) => each === '--help' || each === '-h')) console.log(RESTORE_USAGE);
  else await restore(argv);
} catch (error) {
  const { message, exitCode } = explainError(error);
  // Not after what this command refuses by itself, nor where AWS was never asked.
  const mayHaveBegun = !(error instanceof OperatorError) && exitCode === 1;
  console.error(
    mayHaveBegun
      ? `${message}\nWhat was begun goes on in AWS: the same command goes on from there (docs/runbooks/restore.md).`
      : message,
  );
  process.exitCode = exitCode;
}

async function restore(argv: readonly string[]): Promise<void> {
  const order = readOrder(argv);
  const config = deployments[order.stage];
  const place = config.env === undefined ? {} : { region: config.env.region };
  const deps: RestoreDeps = {
    dynamodb: new DynamoDBClient(place),
    backup: new BackupClient(place),
    lambda: new LambdaClient(place),
    cloudFormation: new CloudFormationClient(place),
    now: () => new Date(),
    sleep: (seconds) => wait(seconds * 1000),
    say: (line) => console.log(line),
  };
  await runOrder(deps, { config, template: () => readStageTemplate(order.stage) }, order);
}
