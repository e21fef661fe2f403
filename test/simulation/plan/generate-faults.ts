import type { Random } from '../random.ts';
import { CALL_FAULTS, type CallFault, type Fault } from './fault.ts';

/** Calls by how often they are picked; which of them come to the nth call is for the run to tell. */
const CALLS: readonly (readonly [call: string, weight: number, most: number])[] = [
  ['inbox.accept', 3, 5],
  ['bell.ring', 4, 6],
  ['events-queue.send', 2, 6],
  ['vault.platform', 1, 3],
  ['vault.tenant', 1, 3],
  ['tenants.findByPhoneNumber', 1, 6],
  ['memories.readWithHead', 2, 8],
  ['memories.keep', 2, 3],
  ['memories.forget', 2, 2],
  ['jobs.send', 2, 4],
  ['memory-model.extract', 2, 4],
  ['store.readRecent', 2, 8],
  ['ledger.reserve', 1, 4],
  ['ledger.settle', 1, 4],
  ['model.reply', 4, 6],
  ['graph.typing', 1, 4],
  ['store.saveHead', 6, 10],
  ['graph.send', 8, 6],
  ['graph.media', 2, 3],
  ['transcriber.transcribe', 2, 2],
  ['media.put', 1, 2],
  ['media.get', 1, 2],
  ['store.recordReading', 2, 4],
  ['store.readOutbound', 1, 3],
  ['store.finish', 3, 5],
  ['store.recordOutbound', 2, 5],
  ['store.park', 1, 2],
  ['store.resume', 1, 2],
  ['store.takeBack', 1, 2],
  ['store.accept', 2, 3],
  ['store.erase', 1, 2],
  ['store.takeUp', 1, 2],
  ['store.leave', 2, 3],
  ['jobs.send', 2, 3],
  ['echo-inbox.accept', 1, 2],
  ['eraser.bury', 1, 2],
  ['eraser.remove', 1, 3],
  ['rings.done', 2, 5],
  ['rings.defer', 2, 4],
  ['rings.deadLetter', 1, 2],
  ['deliveries.mergeDelivery', 2, 8],
  ['unfinished.listUnfinished', 1, 3],
  ['unfinished.countRing', 1, 3],
  ['lambda.ingest', 1, 8],
  ['lambda.processor', 2, 5],
  ['lambda.events', 1, 5],
  ['lambda.sweeper', 1, 3],
  ['lambda.jobs', 1, 3],
  ['any', 6, 60],
];

const TOTAL_WEIGHT = CALLS.reduce((sum, [, weight]) => sum + weight, 0);

export function generateFaults(count: number, random: Random): readonly Fault[] {
  return Array.from({ length: count }, () => generateFault(random));
}

function generateFault(random: Random): Fault {
  const chance = random.next();
  if (chance < 0.03) return { kind: 'purge', atMs: random.int(0, 60_000) };
  if (chance < 0.06) return { kind: 'deploy', atMs: random.int(0, 30_000) };
  if (chance < 0.09) {
    const byMs = random.pick([-300_000, -30_000, -900, 900, 30_000, 300_000]);
    return { kind: 'skew', every: random.int(1, 3), byMs };
  }
  if (chance < 0.14) return outage(random);
  if (chance < 0.16) return crashLoop(random);
  const [call, , most] = pickCall(random);
  return { kind: 'call', call, nth: random.int(1, most), fault: pickFault(call, random) };
}

function pickCall(random: Random): (typeof CALLS)[number] {
  let left = random.next() * TOTAL_WEIGHT;
  for (const each of CALLS) {
    left -= each[1];
    if (left < 0) return each;
  }
  throw new RangeError('Weights do not add up');
}

function pickFault(call: string, random: Random): CallFault {
  // Where it matters most: the last moments before and after an effect.
  if (random.chance(0.35)) return random.pick(['crash-before', 'crash-after', 'timeout-after']);
  return call.startsWith('lambda.')
    ? random.pick(['throttle', 'crash-before', 'crash-after'])
    : random.pick(CALL_FAULTS);
}

function outage(random: Random): Fault {
  const fromMs = random.int(0, 30_000);
  const lastsMs = random.int(5_000, random.pick([60_000, 300_000, 5_400_000]));
  return {
    kind: 'outage',
    calls: random.pick([
      'model',
      'graph',
      'graph.media',
      'transcriber',
      'media',
      'store',
      'ledger',
      'inbox',
      'bell',
      'rings',
      'vault',
      'events-queue',
      'deliveries',
      'jobs',
    ]),
    fromMs,
    untilMs: fromMs + lastsMs,
    fault: random.pick(['error-before', 'timeout-before', 'timeout-after', 'throttle', 'slow']),
  };
}

/** A process that dies at the same call again and again. */
function crashLoop(random: Random): Fault {
  const fromMs = random.int(0, 30_000);
  return {
    kind: 'outage',
    calls: random.pick([
      'model',
      'model',
      'graph.send',
      'store.saveHead',
      'store.finish',
      'transcriber',
    ]),
    fromMs,
    untilMs: fromMs + random.int(60_000, 400_000),
    fault: random.pick(['crash-before', 'crash-after']),
  };
}
