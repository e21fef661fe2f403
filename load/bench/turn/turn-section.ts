import type { Row, Section } from '../section.ts';
import { median, medianRatio } from '../statistics.ts';
import { readsIn, type TurnCalls, writesIn } from './turn-calls.ts';

/** How many chats an invocation has. */
export const BATCHES = [1, 10] as const;
export const SUBJECTS = ['ours', 'floor'] as const;
export type Subject = (typeof SUBJECTS)[number];

interface Spent {
  /** Of an invocation, one for each round. */
  readonly cpuMs: number[];
  readonly wallMs: number[];
}

export interface Measured extends Readonly<Record<Subject, readonly Spent[]>> {
  /** Of a turn in a batch of 1. */
  readonly calls: Record<Subject, TurnCalls>;
}

const NAMES: Readonly<Record<Subject, string>> = { ours: 'processor', floor: 'floor' };

export function turnSection(measured: Measured): Section {
  const ratios = BATCHES.map((_, nth) =>
    medianRatio(measured.ours[nth]?.cpuMs ?? [], measured.floor[nth]?.cpuMs ?? []),
  );
  return {
    title: 'A turn beside the model',
    explains: EXPLAINS,
    columns: [
      'invocation',
      'CPU ms',
      'wall ms',
      'CPU ms per turn',
      'CPU × floor',
      'reads of DynamoDB',
      'writes',
      'SQS',
      'model',
      'WhatsApp',
    ],
    rows: BATCHES.flatMap((chats, nth) =>
      SUBJECTS.map((subject) => rowOf(measured, { subject, chats, nth }, ratios)),
    ),
    targets: BATCHES.map((chats, nth) => ({
      what: `CPU, ${chatsIn(chats)}, to the floor`,
      is: ratios[nth] ?? Number.NaN,
      atMost: 1.8,
    })),
  };
}

function rowOf(
  measured: Measured,
  { subject, chats, nth }: { subject: Subject; chats: number; nth: number },
  ratios: readonly number[],
): Row {
  const { cpuMs = [], wallMs = [] } = measured[subject][nth] ?? {};
  const calls = measured.calls[subject];
  const sqs = Object.entries(calls)
    .filter(([name]) => /^SQS [A-Z]/.test(name))
    .map(([name, count]) => `${count} ${name.slice('SQS '.length)}`);
  return {
    name: `${NAMES[subject]}, ${chatsIn(chats)}`,
    cells: [
      median(cpuMs),
      median(wallMs),
      median(cpuMs) / chats,
      subject === 'ours' ? ratios[nth] : 1,
      ...(chats === 1
        ? [
            String(readsIn(calls)),
            String(writesIn(calls)),
            sqs.join(', '),
            String(calls['Model responses'] ?? 0),
            String(calls['Graph messages'] ?? 0),
          ]
        : [undefined, undefined, undefined, undefined, undefined]),
    ],
  };
}

function chatsIn(batch: number): string {
  return batch === 1 ? '1 chat' : `${batch} chats`;
}

const EXPLAINS =
  "The processor's bundle of stage prod in an environment that has had 160 turns, under AWS's runtime client, in turns with the floor; the model answers in 0 ms. Each chat has had a few turns before and brings one message, which is answered by one bubble. CPU is of the function's process, the wall includes the stand-ins' answers. Calls are those of one turn: the floor makes 3 reads, 5 writes of one item each, a call of the model, a read receipt, a message and a delete.";
