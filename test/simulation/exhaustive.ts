import { replyLength } from './peers/reply-length.ts';
import { CALL_FAULTS, type CallFault, type Fault } from './plan/fault.ts';
import { CALM_STATUSES, type Schedule } from './plan/schedule.ts';
import { runSchedule } from './run-schedule.ts';
import { addResult, hasViolations, lastLine, noTotals, type Totals } from './totals.ts';

const CRASHES: readonly CallFault[] = ['crash-before', 'crash-after'];

/** One customer who writes twice within a second, to one business; the reply is of two bubbles. */
function oneTurn(seed: number, faults: readonly Fault[] = []): Schedule {
  let id = 0;
  while (replyLength(seed, id) === 0) id += 1;
  return {
    seed,
    customers: [
      { index: 0, business: 0, phones: ['34600100000', '34600100001'], userId: 'ES.90210' },
    ],
    messages: [
      { id, customer: 0, writtenAtMs: 1_000, type: 'text', ids: 'phone', phone: 0 },
      { id: id + 1, customer: 0, writtenAtMs: 1_400, type: 'text', ids: 'phone', phone: 0 },
    ],
    webhooks: [{ atMs: 1_600, messages: [id, id + 1], copiesAfterMs: [] }],
    operations: [],
    statuses: CALM_STATUSES,
    faults,
  };
}

/** A person takes the chat while the model thinks, speaks, and gives it back with a message unanswered. */
function oneHandOver(seed: number, faults: readonly Fault[] = []): Schedule {
  const person = { kind: 'person', customer: 0, at: 0 } as const;
  const turn = oneTurn(seed, faults);
  const [first] = turn.messages;
  const id = (first?.id ?? 0) + 2;
  return {
    ...turn,
    messages: [
      ...turn.messages,
      { id, customer: 0, writtenAtMs: 15_000, type: 'text', ids: 'phone', phone: 0 },
    ],
    webhooks: [...turn.webhooks, { atMs: 15_200, messages: [id], copiesAfterMs: [] }],
    operations: [
      { ...person, atMs: 5_500, does: 'take', id: 0 },
      { ...person, atMs: 12_000, does: 'say', id: 1 },
      { ...person, atMs: 18_000, does: 'release', id: 2 },
    ],
  };
}

/**
 * Every point of one turn: each fault at each call alone, then each pair of crashes, the second at any
 * call that comes after the first one's, recovery included. Of a hand-over each fault at each call alone.
 */
export async function runExhaustively(
  seed: number,
  print: (line: string) => void,
): Promise<boolean> {
  const totals = noTotals();
  const play = async (make: typeof oneTurn, faults: readonly Fault[]) => {
    const result = await runSchedule(make(seed, faults));
    addResult(totals, result);
    for (const { kind, text } of result.violations) {
      print(`FAILED ${kind}: ${text} with ${JSON.stringify(faults)} and seed ${seed}`);
    }
    return result.calls;
  };
  const run = (faults: readonly Fault[]) => play(oneTurn, faults);
  const calls = await run([]);
  for (const make of [oneTurn, oneHandOver]) {
    const most = await play(make, []);
    for (const fault of CALL_FAULTS) {
      for (let nth = 1; nth <= most; nth += 1) await play(make, [at(nth, fault)]);
    }
  }
  print(`every fault alone: ${totals.schedules} schedules`);
  await runPairs(calls, run);
  return printEnd(totals, print);
}

async function runPairs(
  calls: number,
  run: (faults: readonly Fault[]) => Promise<number>,
): Promise<void> {
  for (const first of CRASHES) {
    for (let nth = 1; nth <= calls; nth += 1) {
      const more = await run([at(nth, first)]);
      for (const second of CRASHES) {
        for (let later = nth + 1; later <= more; later += 1) {
          await run([at(nth, first), at(later, second)]);
        }
      }
    }
  }
}

function at(nth: number, fault: CallFault): Fault {
  return { kind: 'call', call: 'any', nth, fault };
}

function printEnd(totals: Totals, print: (line: string) => void): boolean {
  print(`calls of ports: ${totals.calls}`);
  print(lastLine(totals));
  return !hasViolations(totals);
}
