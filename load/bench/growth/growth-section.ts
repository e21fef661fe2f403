import type { Row, Section, Target } from '../section.ts';
import { median, medianRatio } from '../statistics.ts';
import type { RoutingCost } from './measure-routing.ts';

export const CHAT_LENGTHS = [10, 1_000, 100_000] as const;
export const TENANTS = [10, 1_000, 100_000] as const;

/** Of turns of chats of one length, one entry for each. */
export interface Turns {
  readonly cpuMs: number[];
  readonly wallMs: number[];
  /** Time in the store, and what it answered. */
  readonly storeMs: number[];
  readonly storeKb: number[];
}

export function noTurns(): Turns {
  return { cpuMs: [], wallMs: [], storeMs: [], storeKb: [] };
}

/** What a process keeps after a collection. */
export interface Heap {
  readonly invocations: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

export interface GrowthMeasured {
  /** In the order of `CHAT_LENGTHS`. */
  readonly turns: readonly Turns[];
  /** In the order of `TENANTS`. */
  readonly routing: readonly RoutingCost[];
  /** In the order of time. */
  readonly memory: readonly Heap[];
}

const FLAT = 1.1;

export function growthSection({ turns, routing, memory }: GrowthMeasured): Section {
  return {
    title: 'Growth',
    explains: EXPLAINS,
    columns: ['', 'CPU ms', 'wall ms', 'in the store ms', 'from the store KB', 'heap MB'],
    rows: [
      ...CHAT_LENGTHS.map((length, nth) =>
        turnRow(`a turn in a chat of ${inWords(length)}`, turns[nth]),
      ),
      ...TENANTS.map((tenants, nth) =>
        routingRow(`routing among ${inWords(tenants)} tenants`, routing[nth]),
      ),
      ...memory.filter((_, nth) => isShown(nth, memory.length)).map(heapRow),
    ],
    targets: [
      ...turnTargets(turns),
      ...TENANTS.slice(1).map((tenants, nth) => ({
        what: `routing, CPU, ${inWords(tenants)} tenants to ${inWords(TENANTS[0])}`,
        is: (routing[nth + 1]?.cpuUs ?? Number.NaN) / (routing[0]?.cpuUs ?? Number.NaN),
        atMost: FLAT,
      })),
      {
        what: 'heap, the last quarter of the turns to the second',
        is: heapGrowth(memory),
        atMost: FLAT,
      },
    ],
  };
}

function turnTargets(turns: readonly Turns[]): readonly Target[] {
  const what = { cpuMs: 'CPU', storeMs: 'time in the store', storeKb: 'bytes read' } as const;
  return CHAT_LENGTHS.slice(1).flatMap((length, nth) =>
    // A turn reads forty messages at most, and of a chat of ten only ten: what that costs is in the others.
    (nth === 0 ? TIMES : [...TIMES, 'storeKb' as const]).map((measure) => ({
      what: `a turn, ${what[measure]}, ${inWords(length)} messages to ${inWords(CHAT_LENGTHS[nth] ?? 0)}`,
      is: medianRatio(turns[nth + 1]?.[measure] ?? [], turns[nth]?.[measure] ?? []),
      atMost: FLAT,
    })),
  );
}

const TIMES = ['cpuMs', 'storeMs'] as const;

function turnRow(name: string, { cpuMs, wallMs, storeMs, storeKb }: Turns = noTurns()): Row {
  return {
    name: `${name} messages`,
    cells: [median(cpuMs), median(wallMs), median(storeMs), median(storeKb), undefined],
  };
}

function routingRow(name: string, cost: RoutingCost | undefined): Row {
  const ms = (us: number | undefined) => us && us / 1_000;
  return { name, cells: [ms(cost?.cpuUs), ms(cost?.wallUs), undefined, undefined, undefined] };
}

function heapRow({ invocations, heapMb }: Heap): Row {
  const cells = [undefined, undefined, undefined, undefined, heapMb];
  return { name: `the processor after ${inWords(invocations)} invocations`, cells };
}

/** Four of them: a line for each collection would be many. */
function isShown(nth: number, all: number): boolean {
  return (nth + 1) % Math.max(1, Math.floor(all / 4)) === 0;
}

/** What is compiled and remembered at first is there by the second quarter. */
function heapGrowth(memory: readonly Heap[]): number {
  const quarter = Math.floor(memory.length / 4);
  const quarterly = (nth: number) =>
    median(memory.slice(nth * quarter, (nth + 1) * quarter).map(({ heapMb }) => heapMb));
  return quarterly(3) / quarterly(1);
}

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}

const EXPLAINS =
  'One environment of the processor, the model in 0 ms. **Chats**: a turn in a chat with so many messages, each length in its turn; the longer ones have a summary of all but the last turns, as in production; a turn reads the last forty messages at most, so that one in a chat of ten reads fewer bytes than one in a chat of a thousand, and from there on they stay the same. The store is dynalite in memory. **Tenants**: a number’s tenant is found that the process does not remember, by two reads; whose number it is a process otherwise remembers for ten minutes. **Memory**: what the process keeps after a collection of garbage, while two thousand chats more, each another one, get their answers in batches of ten.';
