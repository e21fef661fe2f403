import { setTimeout as wait } from 'node:timers/promises';
import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { deployments } from './deployments.ts';
import { OperatorError } from './operator/operator-error.ts';
import type { RestoreDeps } from './restore/aws.ts';
import { readOrder } from './restore/read-order.ts';
import { runOrder } from './restore/run-order.ts';
import { readStageTemplate } from './restore/stage-template.ts';

// `npm run restore -- <stage> ...`: docs/runbooks/restore.md.
try {
  const order = readOrder(process.argv.slice(2));
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
} catch (error) {
  const isOurs = error instanceof OperatorError;
  console.error(
    isOurs
      ? error.message
      : `${String(error)}\nWhat was begun goes on in AWS: the same command goes on from there (docs/runbooks/restore.md).`,
  );
  process.exitCode = isOurs ? error.exitCode : 1;
}
