import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { isRecent, type SentBefore } from './deduplication-window.ts';
import type { StoredMessage } from './message.ts';

/** What outlives a restart of one queue. */
export interface QueueJournal {
  /** What the queue held when the journal was opened. */
  readonly restored: {
    readonly messages: readonly StoredMessage[];
    readonly sent: readonly SentBefore[];
  };
  /** A message is new or has changed. */
  put(message: StoredMessage): void;
  remove(messageId: string): void;
  sent(sent: SentBefore): void;
}

/** Where a model's queues are kept. */
export interface SqsJournal {
  ofQueue(name: string): QueueJournal;
  close(): void;
}

type MessageRecord = Omit<StoredMessage, 'deleted' | 'agePlace' | 'orderPlace'>;

type Line =
  | { readonly queue: string; readonly put: MessageRecord }
  | { readonly queue: string; readonly remove: string }
  | { readonly queue: string; readonly sent: SentBefore };

interface Restored {
  readonly messages: Map<string, MessageRecord>;
  readonly sent: Map<string, SentBefore>;
}

/**
 * Keeps queues in a file that every change is appended to; what no longer matters is left out when
 * it is opened again. The file survives the end of the process at any moment, not that of the machine.
 */
export function openSqsJournal(path: string): SqsJournal {
  const queues = readJournal(path);
  const compacted = `${path}.new`;
  const file = openSync(compacted, 'w', 0o600);
  function write(line: Line): void {
    writeSync(file, `${JSON.stringify(line)}\n`);
  }
  const newestMs = newest(queues.values());
  for (const [queue, { messages, sent }] of queues) {
    for (const each of messages.values()) write({ queue, put: each });
    for (const each of sent.values()) {
      if (isRecent(each, newestMs)) write({ queue, sent: each });
    }
  }
  renameSync(compacted, path);
  return {
    ofQueue: (queue) => ({
      restored: restoredMessages(queues.get(queue)),
      put: (message) => write({ queue, put: recordOf(message) }),
      remove: (messageId) => write({ queue, remove: messageId }),
      sent: (sent) => write({ queue, sent }),
    }),
    close: () => closeSync(file),
  };
}

function readJournal(path: string): Map<string, Restored> {
  const queues = new Map<string, Restored>();
  for (const text of readLines(path)) {
    const line: Line = JSON.parse(text);
    const { messages, sent } = queues.get(line.queue) ?? emptyQueue();
    queues.set(line.queue, { messages, sent });
    if ('put' in line) messages.set(line.put.messageId, line.put);
    else if ('remove' in line) messages.delete(line.remove);
    else sent.set(line.sent.key, line.sent);
  }
  return queues;
}

function emptyQueue(): Restored {
  return { messages: new Map(), sent: new Map() };
}

/** The last line is left out unless it is whole: the process may have died while it was written. */
function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function restoredMessages(restored: Restored | undefined): QueueJournal['restored'] {
  const { messages, sent } = restored ?? emptyQueue();
  return {
    messages: [...messages.values()].map((record) => ({
      ...record,
      firstReceivedAtMs: record.firstReceivedAtMs,
      deleted: false,
      agePlace: undefined,
      orderPlace: undefined,
    })),
    sent: [...sent.values()],
  };
}

function recordOf({ deleted, agePlace, orderPlace, ...record }: StoredMessage): MessageRecord {
  return record;
}

/** When the latest message was sent: what was not recent then is not recent now. */
function newest(queues: Iterable<Restored>): number {
  const times = Iterator.from(queues).flatMap(({ sent }) => sent.values());
  return times.reduce((latestMs, { atMs }) => Math.max(latestMs, atMs), 0);
}
