import { timeOf } from '../cost/function-time.ts';
import { invocationsATurn, type OnTheWay, type Scene } from '../cost/usage.ts';

/** What one message costs a function: its processor's time, and what it waits for AWS beside it. */
export interface Work {
  readonly cpuSeconds: number;
  readonly callSeconds: number;
}

/** What one message of a customer's brings about, as it was measured. */
export interface WorkOfMessage {
  /** Of a webhook, of which a message has several. */
  readonly ingest: Work;
  readonly webhooks: number;
  /** Of a turn, without waiting for model and WhatsApp. */
  readonly turn: Work;
  /** Of a status. */
  readonly status: Work;
  readonly statuses: number;
  /** Of a job, of which a turn has one; and how many of these ask the model. */
  readonly job: Work;
  readonly memoryShare: number;
  /** Write units of all that it brings about, in the conversations table and its indexes. */
  readonly writeUnits: number;
  /** Writes into the index of unfinished messages: there, and away again. */
  readonly unfinishedWrites: number;
  /** Writes into the index of a tenant's chats: a sort key changes by a delete and a put. */
  readonly chatListWrites: number;
  /** Writes into the ledger: held, settled, and Meta's price. */
  readonly ledgerWrites: number;
}

export function workOfMessage(scene: Scene): WorkOfMessage {
  const { measured, traffic } = scene;
  const turns = measured.conversations * measured.turnsPerConversation;
  const used = (folder: OnTheWay) => measured.functions[folder];
  const webhooks = invocationsATurn('ingest', scene);
  const statuses = webhooks - 1;
  const units = (['ingest', 'processor', 'events', 'jobs'] as const).reduce(
    (sum, folder) => sum + (used(folder)?.writeUnits ?? 0) / turns,
    0,
  );
  return {
    ingest: workOf('ingest', webhooks, scene),
    webhooks,
    turn: workOf('processor', 1, scene),
    status: workOf('events', Math.max(1, statuses), scene),
    statuses: Math.round(statuses),
    job: workOf('jobs', 1, scene),
    memoryShare: 1 / traffic.turns,
    writeUnits: units - LEDGER_WRITES,
    unfinishedWrites: 2,
    chatListWrites: 2,
    ledgerWrites: LEDGER_WRITES,
  };
}

const LEDGER_WRITES = 3;

/** Of a message, all invocations together, as so many pieces. */
function workOf(folder: OnTheWay, pieces: number, scene: Scene): Work {
  const { seconds, cpuSeconds } = timeOf(folder, scene.deployed, scene.measured);
  const traffic = { ...scene.traffic, chatsPerBatch: 1 };
  const each = invocationsATurn(folder, { ...scene, traffic }) / pieces;
  return { cpuSeconds: cpuSeconds * each, callSeconds: (seconds - cpuSeconds) * each };
}
