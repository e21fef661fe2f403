import type { Consumer, Deployment } from './deployment.ts';
import { PARTS, type PartName } from './pressure.ts';
import type { Work, WorkOfMessage } from './work.ts';
import type { Peers } from './world.ts';

/** How many messages a second a part does by hand: what it has, by what a message takes of it. */
export interface Ceiling {
  readonly part: PartName;
  readonly messagesASecond: number;
}

/**
 * The closed form of the model: no chance, no queue that fills and drains, each batch as full as it may be and
 * all of it equally long. The model holds less: a batch lasts as long as its slowest chat. What is full first
 * comes first.
 */
export function ceilingsOf(
  deployment: Deployment,
  { work, peers }: { readonly work: WorkOfMessage; readonly peers: Peers },
): readonly Ceiling[] {
  const { numbers, partitionWrites, ledgerShards, unfinishedShards } = deployment;
  const memories = work.memoryShare;
  const ceilings: Readonly<Record<PartName, number>> = {
    API: deployment.apiRequests / work.webhooks,
    'other functions': unreservedCeiling(deployment, work, peers),
    'chat queue': deployment.fifoCalls,
    'conversations table': deployment.tableWrites / work.writeUnits,
    'index of unfinished': (deployment.unfinishedWrites * unfinishedShards) / work.unfinishedWrites,
    ledger: (numbers * partitionWrites * ledgerShards) / work.ledgerWrites,
    'list of chats': (numbers * partitionWrites) / work.chatListWrites,
    processor: inFullBatches(
      deployment.processor,
      work.turn,
      peers.modelSeconds + peers.graphSeconds,
    ),
    'model’s requests': deployment.modelRequestsAMinute / 60 / (1 + memories),
    'model’s tokens':
      deployment.modelTokensAMinute / 60 / (peers.turnTokens + memories * peers.memoryTokens),
    'turns of a tenant': (numbers * deployment.tenantTurnsAMinute) / 60,
    // In and out.
    numbers: (numbers * deployment.numberMessages) / 2,
    events: inFullBatches(deployment.events, work.status, 0) / work.statuses,
    jobs: inFullBatches(deployment.jobs, work.job, peers.memorySeconds),
  };
  return PARTS.map((part) => ({ part, messagesASecond: ceilings[part] })).toSorted(
    (one, other) => one.messagesASecond - other.messagesASecond,
  );
}

/**
 * What the account leaves to ingest, events and jobs: these two take no more than they are allowed, however
 * much there is to do. Places taken grow with the rate, ever more slowly: so the most that any of these says.
 */
function unreservedCeiling(
  { concurrency, reserved, events, jobs }: Deployment,
  work: WorkOfMessage,
  peers: Peers,
): number {
  const places = concurrency - reserved;
  const ofIngest = work.webhooks * alone(work.ingest);
  const ofEvents = work.statuses * work.status.cpuSeconds;
  const ofJobs = work.job.cpuSeconds + work.memoryShare * peers.memorySeconds;
  return Math.max(
    places / (ofIngest + ofEvents + ofJobs),
    (places - events.maxConcurrency) / (ofIngest + ofJobs),
    (places - jobs.maxConcurrency) / (ofIngest + ofEvents),
    (places - events.maxConcurrency - jobs.maxConcurrency) / ofIngest,
  );
}

/** The processor's time of each comes one after the other, what each waits for is waited for together. */
function inFullBatches(
  { maxConcurrency, batchSize }: Consumer,
  { cpuSeconds, callSeconds }: Work,
  waits: number,
): number {
  return (maxConcurrency * batchSize) / (batchSize * cpuSeconds + callSeconds + waits);
}

function alone({ cpuSeconds, callSeconds }: Work): number {
  return cpuSeconds + callSeconds;
}
