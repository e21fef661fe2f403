import type { ModelClock } from '../clock.ts';
import { privateFolder } from '../private-folder.ts';
import { runDynalite } from './dynalite-operation.ts';
import { openStore } from './dynalite-store.ts';
import { type DynamoEngine, type DynamoOperation, dynamoEngine } from './dynamo-engine.ts';
import { TimeToLive } from './time-to-live.ts';

export interface DynamoEngineOptions {
  readonly clock: ModelClock;
  readonly region: string;
  readonly accountId: string;
  /** Where tables are kept between runs. @default in memory */
  readonly dataDirectory?: string;
}

/** DynamoDB itself takes up to days; code must not rely on expired items being gone. */
const SWEEP_EVERY_MS = 60_000;

/** A DynamoDB inside this process: dynalite's engine, called without HTTP. */
export async function startDynamoEngine({
  clock,
  region,
  accountId,
  dataDirectory,
}: DynamoEngineOptions): Promise<DynamoEngine> {
  if (dataDirectory !== undefined) privateFolder(dataDirectory);
  const store = await openStore(dataDirectory);
  store.tableDb.awsRegion = region;
  store.tableDb.awsAccountId = accountId;

  const inStore: DynamoOperation = (operation, body) => runDynalite(store, operation, body);
  const timeToLive = new TimeToLive(inStore);
  const sweeper = everyMinute(clock, () => timeToLive.sweep(clock.now()));
  return dynamoEngine(
    (operation, body) =>
      timeToLive.handles(operation) ? timeToLive.handle(operation, body) : inStore(operation, body),
    async () => {
      await sweeper.stop();
      await store.db.close();
    },
  );
}

/** Repeats something, each time a minute after the last one ended. */
function everyMinute(clock: ModelClock, run: () => Promise<void>) {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let cancel = (): void => {};
  function plan(): void {
    if (stopped) return;
    cancel = clock.schedule(clock.now() + SWEEP_EVERY_MS, () => {
      // A sweep that failed is made up for by the next.
      running = run()
        .catch(() => {})
        .then(plan);
    });
  }
  plan();
  return {
    stop: async () => {
      stopped = true;
      cancel();
      await running;
    },
  };
}
