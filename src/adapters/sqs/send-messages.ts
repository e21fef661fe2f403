import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import type { Random } from '#app/ports/clock.ts';
import { intoBatches } from './batches.ts';
import type { Queue } from './queue.ts';

/** A message of a batch, without the id that it has only within its call. */
export type OutgoingEntry = Omit<SendMessageBatchRequestEntry, 'Id' | 'MessageBody'> & {
  readonly MessageBody: string;
};

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
  random: Random,
): Promise<ReadonlySet<number>> {
  const deadline = AbortSignal.timeout(BUDGET_MS);
  const lost = new Set<number>();
  let waiting: readonly number[] = [...entries.keys()];
  for (const pauseMs of [0, ...PAUSES_MS]) {
    if (pauseMs > 0) await sleep(pauseMs * (0.5 + random.next()));
    const round = await sendOnce(queue, entries, waiting, deadline);
    for (const index of round.lost) lost.add(index);
    waiting = round.again;
    if (waiting.length === 0) break;
  }
  return new Set([...lost, ...waiting]);
}

interface Round {
  /** Refused for the moment. */
  readonly again: readonly number[];
  /** Refused for good, or in a call that failed after the client's own retries. */
  readonly lost: readonly number[];
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
    again: rounds.flatMap((round) => round.again),
    lost: rounds.flatMap((round) => round.lost),
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
      again: failed.filter((each) => !each.SenderFault).map(({ Id: id }) => Number(id)),
      lost: failed.filter((each) => each.SenderFault).map(({ Id: id }) => Number(id)),
    };
  } catch {
    return { again: [], lost: batch };
  }
}
