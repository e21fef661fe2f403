import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalStack, startStack } from '#local/stack.ts';
import { type Assembly, synthesize } from '#local/synthesize.ts';
import { SimulatorClient } from '#test/support/simulator-client.ts';
import { BAKERY } from '#test/support/webhooks.ts';
import { Meter } from '../../tools/cost/meter.ts';

/** What one message that is answered in one bubble may ask of AWS (docs/adr/039). */
const INGEST = { writes: 1, chatQueue: 1 };
const PROCESSOR = { reads: 3, writes: 5, deletes: 1, jobs: 1 };

const READS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:BatchGetItem'];
const PHONE = '34600100701';

const meter = new Meter();
let assembly: Assembly;
let stack: LocalStack;
let simulator: SimulatorClient;

beforeAll(async () => {
  assembly = await synthesize({ stage: 'prod' });
  stack = await startStack({
    assemblyDirectory: assembly.directory,
    port: 0,
    dataDirectory: undefined,
    dynamodbEndpoint: undefined,
    openAi: undefined,
    onLog: (line) => meter.hear(line),
    onInvocation: (event) => meter.see(event),
    watch: meter,
  });
  simulator = new SimulatorClient(stack.url);
});

afterAll(async () => {
  await stack?.close();
  await assembly?.remove();
});

/** Counts from the customer's message to the third status of its answer. */
async function converse(text: string, answers: number): Promise<void> {
  meter.reset();
  await simulator.write(BAKERY, PHONE, text);
  await expect.poll(() => simulator.textsTo(PHONE)).toHaveLength(answers);
  const invocations = (name: string) => meter.counts.get(name)?.invocations;
  await expect.poll(() => invocations('ingest'), { timeout: 10_000 }).toBe(4);
  await expect.poll(() => invocations('processor')).toBe(1);
}

function callsOf(name: string): ReadonlyMap<string, number> {
  return new Map(Object.entries(meter.counts.get(name)?.calls ?? {}));
}

function sumOf(calls: ReadonlyMap<string, number>, isMeant: (call: string) => boolean): number {
  return [...calls].reduce((sum, [call, count]) => sum + (isMeant(call) ? count : 0), 0);
}

const isWrite = (call: string) => call.startsWith('dynamodb:') && !READS.includes(call);

test('an ordinary turn asks no more of AWS than its budget', async () => {
  // What a process learns once, and a chat: the tenant, its secret, the contact's other id.
  await converse('Do you have rye bread today?', 1);
  for (const answers of [2, 3]) {
    await converse(`And could you keep me ${answers} of them until the evening, please?`, answers);
    const ingest = callsOf('ingest');
    expect({
      writes: sumOf(ingest, isWrite),
      // The others are statuses, on their way to the events queue.
      chatQueue: meter.counts.get('ingest')?.sqsFifoRequests,
    }).toEqual(INGEST);
    const processor = callsOf('processor');
    expect({
      reads: sumOf(processor, (call) => READS.includes(call)),
      writes: sumOf(processor, isWrite),
      deletes: processor.get('sqs:DeleteMessageBatch'),
      jobs: processor.get('sqs:SendMessageBatch'),
    }).toEqual(PROCESSOR);
    // And nothing beside it.
    expect(sumOf(processor, () => true)).toBe(10);
  }
});
