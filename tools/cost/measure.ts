import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_BUSINESSES } from '#local/demo.ts';
import { startStack } from '#local/stack.ts';
import { synthesize } from '#local/synthesize.ts';
import { converse, sendPicture } from './converse.ts';
import { MEASURED_FILE, type Measured } from './measured.ts';
import { Meter } from './meter.ts';
import { processTimes } from './process-time.ts';

/**
 * `npm run cost:measure`: brings the template of a stage up on this machine, has customers converse, and
 * writes down what the real bundles used of AWS for it: measured.json, which `npm run cost` reads. Takes
 * eight minutes, mostly of waiting: what is remembered is remembered a minute and a half after the last word.
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
/** Until the last job is done; and until the last status is, where no job is waited for. */
const QUIET_MS = 110_000;
const SOON_MS = 3_000;
const PICTURES = 20;

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
  await allOf('34600100', WARM_UP, (customer) => converse(customer, turns));
  await sleep(QUIET_MS);
  const functions = await countedWhile(async () => {
    await allOf('34600200', conversations, (customer) => converse(customer, turns));
    await sleep(QUIET_MS);
  });
  const storedBytes = (await meter.tables?.storedBytes('Conversations')) ?? 0;
  const pictures = await countedWhile(async () => {
    await allOf('34600300', PICTURES, sendPicture);
    await sleep(SOON_MS);
  });
  const measured = written(functions, storedBytes, pictures);
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
  process.stdout.write(`Written: ${MEASURED_FILE}\n`);
} finally {
  await stack.close();
  await assembly.remove();
}

/** Each customer has a number of their own. */
async function allOf(
  prefix: string,
  count: number,
  act: (customer: Parameters<typeof sendPicture>[0]) => Promise<void>,
): Promise<void> {
  const to = DEMO_BUSINESSES[0]?.phoneNumberId ?? '';
  const customers = Array.from({ length: count }, (_, nth) => `${prefix}${100 + nth}`);
  const worker = async () => {
    for (let from = customers.shift(); from; from = customers.shift()) {
      await act({ url: stack.url, to, from });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** What each function used meanwhile. */
async function countedWhile(act: () => Promise<void>): Promise<Measured['functions']> {
  meter.reset();
  const before = processTimes();
  await act();
  const after = processTimes();
  const used = [...meter.counts].map(([name, counts]) => {
    const cpuMs = (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return [name, { ...counts, cpuMs }] as const;
  });
  return Object.fromEntries(used.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function written(
  functions: Measured['functions'],
  storedBytes: number,
  pictures: Measured['functions'],
): Measured {
  return {
    measuredOn: new Date().toISOString().slice(0, 10),
    command: `npm run cost:measure -- --conversations ${conversations} --turns ${turns} --stage ${values.stage}`,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    stage: values.stage,
    conversations,
    turnsPerConversation: turns,
    functions,
    // Those of the warm-up lie there too, and are like them.
    storedBytes: Math.round((storedBytes * conversations) / (conversations + WARM_UP)),
    pictures: { count: PICTURES, functions: pictures },
    metrics: [...meter.metrics].sort(),
  };
}
