import type { Deployment } from '../../../../tools/capacity/deployment.ts';
import type { Scenario } from '../../../../tools/capacity/hold.ts';

const much = 1e9;
const consumer = { maxConcurrency: much, batchSize: 10, windowSeconds: 0 };

/** A deployment that has enough of everything, but for what a test takes away. */
export function aDeployment(over: Partial<Deployment> = {}): Deployment {
  return {
    apiRequests: much,
    apiBurst: much,
    concurrency: much,
    newEnvironmentsASecond: much,
    newEnvironmentsAtOnce: much,
    reserved: much / 10,
    processor: { ...consumer, maxConcurrency: much / 10 },
    events: consumer,
    jobs: consumer,
    pollersAtFirst: much,
    pollersASecond: much,
    inFlight: much,
    fifoCalls: much,
    tableWrites: much,
    partitionWrites: much,
    unfinishedShards: 8,
    unfinishedWrites: much,
    ledgerShards: 1,
    modelRequestsAMinute: much,
    modelTokensAMinute: much * 1_000,
    numbers: 10,
    numberMessages: much,
    pairSeconds: 1 / much,
    pairBurst: much,
    tenantTurnsAMinute: much,
    answerDeadlineSeconds: 180,
    ...over,
  };
}

/** A turn waits four seconds, and nothing of it is left to chance but when messages come. */
export function aScenario(over: Partial<Scenario['peers']> = {}): Scenario {
  const none = { cpuSeconds: 0, callSeconds: 0 };
  return {
    work: {
      ingest: none,
      webhooks: 4,
      turn: none,
      status: none,
      statuses: 3,
      job: none,
      memoryShare: 0.2,
      writeUnits: 10,
      unfinishedWrites: 2,
      chatListWrites: 2,
      ledgerWrites: 3,
    },
    peers: {
      modelSeconds: 4,
      modelSpread: 0,
      graphSeconds: 0,
      memorySeconds: 0,
      turnTokens: 1_000,
      memoryTokens: 0,
      ...over,
    },
    // Each message is of another chat, so that none waits for its own turn.
    turns: 1,
    seed: 1,
  };
}
