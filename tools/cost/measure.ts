import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_BUSINESSES } from '#local/demo.ts';
import { startStack } from '#local/stack.ts';
import { synthesize } from '#local/synthesize.ts';
import { converse } from './converse.ts';
import { MEASURED_FILE, type Measured } from './measured.ts';
import { Meter } from './meter.ts';
import { processTimes } from './process-time.ts';

/**
 * `npm run cost:measure`: brings the template of a stage up on this machine, has customers converse, and
 * writes down what the real bundles used of AWS for it: measured.json, which `npm run cost` reads. Takes
 * five minutes, mostly of waiting: what is remembered is remembered a minute and a half after the last word.
 */
const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '40' },
    turns: { type: 'string', default: '5' },
    stage: { type: 'string', default: 'prod' },
  },
});

/** Side by side: few enough that chats seldom share a batch. */
const AT_ONCE = 4;
const WARM_UP = 8;
/** Until the last job is done. */
const QUIET_MS = 110_000;

const [conversations, turns] = [Number(values.conversations), Number(values.turns)];
const assembly = await synthesize({ stage: values.stage });
const meter = new Meter();
const stack = await startStack({
  assemblyDirectory: assembly.directory,
  port: 0,
  dataDirectory: undefined,
  dynamodbEndpoint: undefined,
  openAi: undefined,
  onLog: (line) => meter.hear(line),
  onInvocation: (event) => meter.see(event),
  watch: meter,
});
try {
  await converseAll('34600100', WARM_UP);
  meter.reset();
  const before = processTimes();
  await converseAll('34600200', conversations);
  const used = addTimes(before, processTimes());
  writeFileSync(MEASURED_FILE, `${JSON.stringify(await written(used), undefined, 2)}\n`);
  process.stdout.write(`Written: ${MEASURED_FILE}\n`);
} finally {
  await stack.close();
  await assembly.remove();
}

/** Each customer of a number of their own; returns once everything that follows is done too. */
async function converseAll(prefix: string, count: number): Promise<void> {
  const customers = Array.from({ length: count }, (_, nth) => `${prefix}${100 + nth}`);
  const worker = async () => {
    for (let next = customers.shift(); next; next = customers.shift()) {
      await converse(stack.url, DEMO_BUSINESSES[0]?.phoneNumberId ?? '', next, turns);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await sleep(QUIET_MS);
}

function addTimes(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  return [...meter.counts].map(([name, counts]) => {
    const cpuMs = (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return [name, { ...counts, cpuMs }] as const;
  });
}

async function written(used: ReturnType<typeof addTimes>): Promise<Measured> {
  const all = (await meter.tables?.storedBytes('Conversations')) ?? 0;
  return {
    measuredOn: new Date().toISOString().slice(0, 10),
    command: `npm run cost:measure -- --conversations ${conversations} --turns ${turns} --stage ${values.stage}`,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    stage: values.stage,
    conversations,
    turnsPerConversation: turns,
    functions: Object.fromEntries(used.toSorted(([one], [other]) => (one < other ? -1 : 1))),
    // Those of the warm-up lie there too, and are like them.
    storedBytes: Math.round((all * conversations) / (conversations + WARM_UP)),
    metrics: [...meter.metrics].sort(),
  };
}
