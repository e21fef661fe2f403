import { isObject, numberAt, objectAt } from '../src/domain/json.ts';

/** Sums of what a stack has counted since it began. */
export type Counts = Readonly<Record<string, number>>;

export interface ReconcileDeps {
  readCounts(): Promise<Counts>;
  pause(ms: number): Promise<unknown>;
}

export interface Reconciliation {
  readonly accepted: number;
  readonly answered: number;
  readonly parked: number;
}

const LOOK_AGAIN_MS = 1_000;
const LOOKS = 180;

/**
 * Waits until nothing that was accepted since `before` is still to be answered, three minutes at most.
 * @param sent how many messages were taken, by who sent them
 */
export async function reconcile(
  before: Counts,
  sent: number,
  { readCounts, pause }: ReconcileDeps,
): Promise<Reconciliation> {
  for (let look = 1; ; look += 1) {
    const now = await readCounts();
    const since = (name: string) => (now[name] ?? 0) - (before[name] ?? 0);
    const found = {
      accepted: since('MessagesAccepted'),
      answered: since('TurnsAnswered'),
      parked: since('MessagesParked'),
    };
    // A count is told at the end of its invocation, and may come after what it led to.
    const isOver = found.accepted >= sent && found.answered + found.parked >= found.accepted;
    if (isOver || look === LOOKS) return found;
    await pause(LOOK_AGAIN_MS);
  }
}

/** Each customer wrote once, so as many turns as messages. */
export function isEven(sent: number, { accepted, answered, parked }: Reconciliation): boolean {
  return accepted === sent && answered === sent && parked === 0;
}

/** Of the simulator's API: docs/simulator.md. */
export async function readCounts(response: Response): Promise<Counts> {
  const counts: unknown = await response.json();
  if (!isObject(counts)) return {};
  return Object.fromEntries(Object.keys(counts).map((name) => [name, numberAt(counts, name) ?? 0]));
}

/** How many requests were answered 200, by artillery's report. */
export function takenIn(report: string): number {
  const json: unknown = JSON.parse(report);
  const aggregate = isObject(json) ? objectAt(json, 'aggregate') : undefined;
  const counters = aggregate ? objectAt(aggregate, 'counters') : undefined;
  return (counters && numberAt(counters, 'http.codes.200')) ?? 0;
}
