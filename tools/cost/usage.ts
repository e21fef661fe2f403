import { DEFAULT_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import type { Line } from './bill.ts';
import type { Deployed } from './deployed.ts';
import { timeOf } from './function-time.ts';
import type { FunctionUse, Measured } from './measured.ts';
import { DAYS_A_MONTH, messagesOf, type Traffic } from './traffic.ts';

const GB = 1_024 ** 3;
/** CloudWatch adds these to each line when it bills. */
const LINE_OVERHEAD_BYTES = 26;
/** A token of a prompt on its way to the model; to WhatsApp go the read mark with typing, and the reply. */
const BYTES_PER_TOKEN = 4;
const GRAPH_BYTES = 2 * 1_024;
/** X-Ray keeps one in twenty, beside the first of each second. */
const TRACED_SHARE = 0.05;
const SECONDS_A_MONTH = DAYS_A_MONTH * 86_400;

/** The functions that a message passes. */
const ON_THE_WAY = ['ingest', 'processor', 'events', 'jobs'] as const;
export type OnTheWay = (typeof ON_THE_WAY)[number];

export interface Scene {
  readonly traffic: Traffic;
  readonly deployed: Deployed;
  readonly measured: Measured;
}

/** What was measured of a function, for one message. */
export interface MessageUse {
  readonly folder: string;
  readonly invocations: number;
  readonly cpuMs: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly sqsRequests: number;
  readonly logBytes: number;
}

export function messageUses(measured: Measured): readonly MessageUse[] {
  return ON_THE_WAY.map((folder) => ({
    folder,
    invocations: aTurn(folder, measured, (use) => use.invocations),
    cpuMs: aTurn(folder, measured, (use) => use.cpuMs),
    writeUnits: aTurn(folder, measured, (use) => use.writeUnits),
    readUnits: aTurn(folder, measured, (use) => use.readUnits),
    sqsRequests: aTurn(folder, measured, (use) => use.sqsRequests + use.sqsFifoRequests),
    logBytes: aTurn(folder, measured, (use) => use.logBytes),
  }));
}

/** What a month of so many messages is billed for, without what is there anyway: standing.ts. */
export function usageOf(scene: Scene, messages = messagesOf(scene.traffic)): readonly Line[] {
  return [
    ...computeLines(scene, messages),
    ...tableLines(scene, messages),
    ...queueLines(scene, messages),
    ...logLines(scene, messages),
    ...keepingLines(scene, messages),
    {
      part: 'sent to the model and to WhatsApp',
      unit: 'sentGb',
      quantity:
        (messages * (scene.traffic.inputTokens * BYTES_PER_TOKEN + GRAPH_BYTES)) / GB +
        (messages / scene.traffic.turns) *
          ((scene.traffic.memoryInputTokens * BYTES_PER_TOKEN) / GB),
    },
  ];
}

function computeLines(scene: Scene, messages: number): readonly Line[] {
  const { traffic, deployed, measured } = scene;
  const { chatsPerBatch, modelSeconds, graphSeconds, memorySeconds } = traffic;
  const waits: Partial<Record<OnTheWay, readonly [part: string, seconds: number]>> = {
    processor: [
      'processor, waiting for model and WhatsApp',
      (modelSeconds + graphSeconds) / chatsPerBatch,
    ],
    jobs: ['jobs, waiting for the model', memorySeconds / traffic.turns],
  };
  const lines = ON_THE_WAY.flatMap((folder): readonly Line[] => {
    const invocations = messages * invocationsATurn(folder, scene);
    const { gb, seconds, cpuSeconds } = timeOf(folder, deployed, measured);
    // What a batch waits for is waited for together, what it computes comes one after the other.
    const chats = folder === 'processor' ? chatsPerBatch : 1;
    const working = invocations * (cpuSeconds * chats + seconds - cpuSeconds);
    const [waiting, waited] = waits[folder] ?? [folder, 0];
    return [
      { part: `${folder}, working`, unit: 'lambdaRequest', quantity: invocations },
      { part: `${folder}, working`, unit: 'lambdaGbSecond', quantity: gb * working },
      ...(waited > 0
        ? [{ part: waiting, unit: 'lambdaGbSecond' as const, quantity: messages * gb * waited }]
        : []),
    ];
  });
  const webhooks = messages * invocationsATurn('ingest', scene);
  return [{ part: 'HTTP API', unit: 'httpApiRequest', quantity: webhooks }, ...lines];
}

/** Of the processor: one for each batch, and so fewer where chats share one. */
export function invocationsATurn(folder: OnTheWay, { traffic, measured }: Scene): number {
  const invocations = aTurn(folder, measured, ({ invocations }) => invocations);
  return folder === 'processor' ? invocations / traffic.chatsPerBatch : invocations;
}

function tableLines({ traffic, deployed, measured }: Scene, messages: number): readonly Line[] {
  // What is written after a conversation is written once for it, however long it was.
  const asMeasured = measured.turnsPerConversation / traffic.turns;
  const writes = ON_THE_WAY.reduce((sum, folder) => {
    const units = aTurn(folder, measured, ({ writeUnits }) => writeUnits);
    return sum + (folder === 'jobs' ? units * asMeasured : units);
  }, 0);
  const reads = sumOver(measured, ({ readUnits }) => readUnits);
  return [
    {
      part: 'DynamoDB, writes',
      unit: 'dynamoWriteUnit',
      quantity: messages * writes * deployed.replicas,
    },
    { part: 'DynamoDB, reads', unit: 'dynamoReadUnit', quantity: messages * reads },
  ];
}

/** What functions send and delete; and for each invocation by a queue, one receive and one delete. */
function queueLines(scene: Scene, messages: number): readonly Line[] {
  const { measured, deployed } = scene;
  const polled = (isFifo: boolean) =>
    deployed.polled
      .filter((each) => each.isFifo === isFifo)
      .map(({ folder }) => ON_THE_WAY.find((each) => each === folder))
      .reduce((sum, folder) => sum + (folder ? 2 * invocationsATurn(folder, scene) : 0), 0);
  const fifo = sumOver(measured, ({ sqsFifoRequests }) => sqsFifoRequests) + polled(true);
  const standard = sumOver(measured, ({ sqsRequests }) => sqsRequests) + polled(false);
  return [
    { part: 'SQS', unit: 'sqsFifoRequest', quantity: messages * fifo },
    { part: 'SQS', unit: 'sqsRequest', quantity: messages * standard },
  ];
}

function logLines(scene: Scene, messages: number): readonly Line[] {
  const { measured, deployed } = scene;
  const bytes = sumOver(
    measured,
    ({ logBytes, logLines: lines }) => logBytes + lines * LINE_OVERHEAD_BYTES,
  );
  const webhooks = messages * invocationsATurn('ingest', scene);
  const written = (messages * bytes) / GB;
  const access = (webhooks * (deployed.accessLogBytes + LINE_OVERHEAD_BYTES)) / GB;
  const part = 'logs';
  const invocations = ON_THE_WAY.reduce((sum, each) => sum + invocationsATurn(each, scene), 0);
  return [
    { part, unit: 'functionLogGb', quantity: written },
    { part, unit: 'accessLogGb', quantity: access },
    // As they came; what CloudWatch keeps of them is smaller, nobody says by how much.
    { part, unit: 'logGbMonth', quantity: ((written + access) * deployed.logDays) / DAYS_A_MONTH },
    { part: 'traces', unit: 'trace', quantity: messages * invocations * TRACED_SHARE },
  ];
}

/** X-Ray keeps the first of each second of a function: little of much, and nearly all of little. */
export function firstTraces(scene: Scene): readonly Line[] {
  const messages = messagesOf(scene.traffic);
  const firsts = ON_THE_WAY.map((folder) =>
    Math.min(messages * invocationsATurn(folder, scene), SECONDS_A_MONTH),
  );
  const quantity = firsts.reduce((sum, each) => sum + each, 0) * (1 - TRACED_SHARE);
  return [{ part: 'traces, the first of each second', unit: 'trace', quantity }];
}

/** Once retention has made it as much as it will be. */
function keepingLines({ deployed, measured }: Scene, messages: number): readonly Line[] {
  const turns = measured.conversations * measured.turnsPerConversation;
  const kept = (measured.storedBytes / turns) * (DEFAULT_RETENTION_DAYS / DAYS_A_MONTH);
  const gb = ((messages * kept) / GB) * deployed.replicas;
  const { copies, restores } = deployed.backups;
  const recoverable = deployed.pointInTimeRecovery ? gb : 0;
  return [
    { part: 'DynamoDB, kept for 90 days', unit: 'dynamoGbMonth', quantity: gb },
    { part: 'DynamoDB, kept for 90 days', unit: 'recoveryGbMonth', quantity: recoverable },
    { part: 'daily backups of it', unit: 'backupGbMonth', quantity: gb * copies },
    { part: 'daily backups of it', unit: 'restoredGb', quantity: gb * restores },
  ];
}

function sumOver(measured: Measured, read: (use: FunctionUse) => number): number {
  return ON_THE_WAY.reduce((sum, folder) => sum + aTurn(folder, measured, read), 0);
}

function aTurn(folder: OnTheWay, measured: Measured, read: (use: FunctionUse) => number): number {
  const use = measured.functions[folder];
  if (!use) throw new RangeError(`Nothing was measured of ${folder}: npm run cost:measure`);
  return read(use) / (measured.conversations * measured.turnsPerConversation);
}
