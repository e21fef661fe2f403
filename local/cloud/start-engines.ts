import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ModelClock } from '../clock.ts';
import type { DynamoEngine } from '../dynamodb/dynamo-engine.ts';
import { forwardDynamo } from '../dynamodb/forward-dynamo.ts';
import { startDynamoEngine } from '../dynamodb/start-dynamo-engine.ts';
import { KmsModel } from '../kms/kms-model.ts';
import { dataFolder } from '../private-folder.ts';
import { ObjectStore } from '../s3/object-store.ts';
import { SecretsModel } from '../secrets/secrets-model.ts';
import { SnsModel } from '../sns/sns-model.ts';
import { openSqsJournal } from '../sqs/sqs-journal.ts';
import { SqsModel } from '../sqs/sqs-model.ts';
import { SECRET_ARN_SUFFIX } from './resource-types.ts';

/** Where the engines keep what they hold. */
interface Storage {
  /** Undefined = in memory. */
  readonly dataDirectory?: string | undefined;
  /** Undefined = the embedded engine. */
  readonly dynamodbEndpoint?: string | undefined;
}

interface Place {
  /** How many times faster than on the wall it passes what waits in a queue. */
  readonly speed: number;
  readonly account: string;
  readonly region: string;
  readonly clock: ModelClock;
}

/** What holds the application's state. */
export interface Engines {
  readonly sqs: SqsModel;
  readonly dynamodb: DynamoEngine;
  readonly secrets: SecretsModel;
  readonly kms: KmsModel;
  readonly sns: SnsModel;
  readonly s3: ObjectStore;
}

/** Starts the engines, all empty or as an earlier run left them; adds to `closers` how they end. */
export async function startEngines(
  { dataDirectory, dynamodbEndpoint }: Storage,
  { account: accountId, region, clock, speed }: Place,
  closers: (() => unknown)[],
): Promise<Engines> {
  if (dataDirectory !== undefined) dataFolder(dataDirectory);
  const kept = (name: string) => dataDirectory && join(dataDirectory, name);

  const tables = kept('dynamodb');
  const dynamodb =
    dynamodbEndpoint === undefined
      ? await startDynamoEngine({
          clock,
          region,
          accountId,
          ...(tables && { dataDirectory: tables }),
        })
      : forwardDynamo({ endpoint: dynamodbEndpoint, region });
  closers.push(() => dynamodb.close());

  const queues = kept('queues.jsonl');
  const journal = queues ? openSqsJournal(queues) : undefined;
  const sqs = new SqsModel({
    clock,
    region,
    accountId,
    waitingSpeed: speed,
    ...(journal && { journal }),
  });
  closers.push(() => sqs.close());

  const file = kept('secrets.json');
  const secrets = new SecretsModel({
    clock,
    region,
    accountId,
    ids: { versionId: randomUUID, suffix: () => SECRET_ARN_SUFFIX },
    ...(file && { file }),
  });

  const keys = kept('keys.json');
  const kms = new KmsModel({ region, accountId, ...(keys && { file: keys }) });
  const sns = new SnsModel(() => clock.now());

  const objects = kept('objects');
  const s3 = new ObjectStore({ clock, ...(objects && { directory: objects }) });
  return { sqs, dynamodb, secrets, kms, sns, s3 };
}
