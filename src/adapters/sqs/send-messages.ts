import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import type { Random } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import { intoBatches } from './batches.ts';
import { type Queue, QueueRefusedError } from './queue.ts';

/** A message of a batch, without the id that it has only within its call. */
export type OutgoingEntry = Omit<SendMessageBatchRequestEntry, 'Id' | 'MessageBody'> & {
  readonly MessageBody: string;
};

export interface SendMessagesDeps {
  /** For the jitter of retries. */
  readonly random: Random;
  readonly log: Log;
}

const PARALLEL_BATCHES = 8;
/** Waits before the second and third round; what is left then is the caller's to deal with. */
const PAUSES_MS = [100, 300];
/** After this long whatever is not sent counts as not taken: whoever waits for us has limits too. */
const BUDGET_MS = 3_500;

/**
 * Sends in batches, and what the queue refused for the moment again.
 * @returns the indexes of the entries that the queue did not take; never throws
 */
export async function sendMessages(
  queue: Queue,
  entries: readonly OutgoingEntry[],
  { random, log }: SendMessagesDeps,
): Promise<ReadonlySet<number>> {
  const deadline = AbortSignal.timeout(BUDGET_MS);
  const lost = new Map<number, unknown>();
  let again: Refusals = new Map();
  let waiting: readonly number[] = [...entries.keys()];
  for (const pauseMs of [0, ...PAUSES_MS]) {
    if (pauseMs > 0) await sleep(pauseMs * (0.5 + random.next()));
    const round = await sendOnce(queue, entries, waiting, deadline);
    for (const [index, error] of round.lost) lost.set(index, error);
    again = round.again;
    waiting = [...again.keys()];
    if (waiting.length === 0) break;
  }
  const notTaken: Refusals = new Map([...lost, ...again]);
  const [error] = notTaken.values();
  if (notTaken.size > 0) {
    log.error('write_refused', { store: 'sqs', messages: notTaken.size }, error);
  }
  return new Set(notTaken.keys());
}

/** Indexes of entries, and why each was not taken. */
type Refusals = ReadonlyMap<number, unknown>;

interface Round {
  /** Refused for the moment. */
  readonly again: Refusals;
  /** Refused for good, or in a call that failed after the client's own retries. */
  readonly lost: Refusals;
}

async function sendOnce(
  queue: Queue,
  entries: readonly OutgoingEntry[],
  indexes: readonly number[],
  deadline: AbortSignal,
): Promise<Round> {
  const limit = pLimit(PARALLEL_BATCHES);
  const batches = intoBatches(indexes, (index) =>
    Buffer.byteLength(entries[index]?.MessageBody ?? ''),
  );
  const rounds = await Promise.all(
    batches.map((batch) => limit(() => sendBatch(queue, entries, batch, deadline))),
  );
  return {
    again: new Map(rounds.flatMap((round) => [...round.again])),
    lost: new Map(rounds.flatMap((round) => [...round.lost])),
  };
}

async function sendBatch(
  { client, queueUrl }: Queue,
  entries: readonly OutgoingEntry[],
  batch: readonly number[],
  abortSignal: AbortSignal,
): Promise<Round> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: batch.flatMap((index) => {
      const entry = entries[index];
      return entry ? [{ ...entry, Id: String(index) }] : [];
    }),
  });
  try {
    const { Failed: failed = [] } = await client.send(command, { abortSignal });
    return {
      again: refusalsOf(failed.filter((each) => !each.SenderFault)),
      lost: refusalsOf(failed.filter((each) => each.SenderFault)),
    };
  } catch (error) {
    return { again: new Map(), lost: new Map(batch.map((index) => [index, error])) };
  }
}

function refusalsOf(failed: readonly BatchResultErrorEntry[]): Refusals {
  return new Map(
    failed.map(({ Id: id, Code: code }) => [
      Number(id),
      new QueueRefusedError(`The queue refused a message with ${code}; see SQS's list of errors`),
    ]),
  );
}
