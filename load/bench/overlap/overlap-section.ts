import type { Section } from '../section.ts';
import { median, medianRatio } from '../statistics.ts';

/** Each list has an entry for each round. */
export interface Measured {
  readonly modelMs: number;
  /** Wall of an invocation with one chat, and with ten. */
  readonly aloneMs: number[];
  readonly batchMs: number[];
  /** From when the quick chats' next messages were written. */
  readonly slow: {
    /** Until an environment got the last of them. */
    readonly takenUpMs: number;
    /** Until all of them were answered. */
    readonly answeredMs: number;
    /** Until the slow chat of their batch was. */
    readonly slowMs: number;
  }[];
}

const CHATS = 10;

export function overlapSection({ modelMs, aloneMs, batchMs, slow }: Measured): Section {
  const times = CHATS * medianRatio(aloneMs, batchMs);
  const takenUp = slow.map(({ takenUpMs }) => takenUpMs);
  const slowest = slow.map(({ slowMs }) => slowMs);
  const perSecond = (ms: number, chats: number) => (1_000 * chats) / ms;
  const wall = (name: string, ms: number, chats: number | undefined) => ({
    name,
    cells: [ms, chats && perSecond(ms, chats)],
  });
  return {
    title: 'Waiting, overlapped',
    explains: `One environment of the processor, and a model that thinks for ${modelMs / 1_000} s. Above: an invocation with one chat and one with ten. Below: a batch of ten of which one chat’s answer takes that long and the others’ a fifth of a second; when the nine have theirs they write again. From then: until the queue has given all nine messages to another environment, until they are answered, and until the slow chat is.`,
    columns: ['', 'wall ms', 'chats per second'],
    rows: [
      wall('one chat', median(aloneMs), 1),
      wall('ten chats', median(batchMs), CHATS),
      wall('next messages of the nine: taken up', median(takenUp), undefined),
      wall('– answered', median(slow.map(({ answeredMs }) => answeredMs)), undefined),
      wall('– the slow chat: answered', median(slowest), undefined),
    ],
    targets: [
      { what: 'throughput, ten chats to one', is: times, atLeast: 9.5 },
      {
        what: 'wait of the others’ next messages to that of the slow chat',
        is: medianRatio(takenUp, slowest),
        atMost: 0.1,
      },
    ],
  };
}
