import { setTimeout as sleep } from 'node:timers/promises';
import { APP_SECRET, DEMO_BUSINESSES } from '../demo.ts';
import type { LocalStack } from '../stack.ts';
import { encodeAsMeta, signAsMeta } from '../whatsapp/webhook-body.ts';
import { type DrillClient, DrillError, until } from './drill-client.ts';

/** Who writes when, by the part that they play. */
export const CUSTOMERS = {
  before: '34600900001',
  unproven: '34600900002',
  proven: '34600900003',
  thinking: '34600900004',
  lost: '34600900005',
  redelivered: '34600900006',
  outage: '34600900007',
  after: '34600900008',
} as const;
export type Part = keyof typeof CUSTOMERS;

export interface Drill {
  readonly stack: LocalStack;
  readonly client: DrillClient;
  /** Runs a step, and tells how long it took. */
  readonly step: <Value>(what: string, run: () => Promise<Value>) => Promise<Value>;
}

/** Longer than the statuses of one bubble take. */
const STATUSES_MS = 2_500;
/** Meta's times are whole seconds: what is said after the restore is said in a later one. */
const A_SECOND_MS = 1_100;
const [BAKERY] = DEMO_BUSINESSES;

/**
 * Traffic, a snapshot of the tables, more traffic, and the tables as they were at the snapshot: with replies of
 * which nobody knows whether they were sent, messages that were answered since, and some that are delivered
 * again.
 */
export async function playDrill({ stack, client, step }: Drill): Promise<void> {
  await step('traffic before the snapshot', () => before(client));
  const snapshot = await step('snapshot', () => stack.restores.snapshot(stack.cloud));
  const again = await step('traffic in the lost time', () => lostTime(stack.url, client));
  await step('the tables are gone', async () => {
    stack.restores.loseTables();
    await write(client, 'outage', 'Hello, are you there?');
    // Refused, so Meta will come again.
    await sleep(A_SECOND_MS);
  });
  await step('restore', () => stack.restores.restore(stack.cloud, snapshot));
  await step('statuses and redeliveries', async () => {
    await client.post('statuses', { delivery: 'normal' });
    await again();
  });
  await step('traffic after the restore', () => after(client));
  await step('everything comes to rest', () => rest(stack, client));
}

async function before(client: DrillClient): Promise<void> {
  await write(client, 'before', 'Do you bake on Sundays?');
  await isSaid(client, 'before', 1);
  await until('nothing is on its way', () => client.isQuiet());
  await client.post('statuses', { delivery: 'lost' });
  await loseAnswer(client, 'unproven', 'Is there parking?');
  await sleep(STATUSES_MS);
  await client.post('statuses', { delivery: 'held' });
  await loseAnswer(client, 'proven', 'Do you have rye bread?');
  await client.post('model', { latency_ms: 4_000 });
  const asked = await requests(client);
  await write(client, 'thinking', 'Can I order a cake?');
  await until('the model is asked', async () => (await requests(client)) > asked);
}

/** The reply reaches the phone, and whoever sent it never hears that. */
async function loseAnswer(client: DrillClient, part: Part, text: string): Promise<void> {
  await client.post('faults', { peer: 'graph', fault: 'reset-after-effect', times: 1 });
  await write(client, part, text);
  await isSaid(client, part, 1);
}

/** @returns what brings one of the webhooks again */
async function lostTime(url: string, client: DrillClient): Promise<() => Promise<void>> {
  await client.post('model', { latency_ms: 0 });
  const again = webhookOf('redelivered', 'How much is the apple pie?');
  await postTaken(url, again);
  await write(client, 'lost', 'Are you open today?');
  for (const part of ['thinking', 'lost', 'redelivered'] as const) await isSaid(client, part, 1);
  return () => postTaken(url, again);
}

async function after(client: DrillClient): Promise<void> {
  await sleep(A_SECOND_MS);
  await write(client, 'after', 'What do you recommend?');
  await write(client, 'before', 'And on Mondays?');
  await isSaid(client, 'after', 1);
  await isSaid(client, 'before', 2);
}

/** The sweeper rings for what has no ring any more. */
async function rest({ cloud }: LocalStack, client: DrillClient): Promise<void> {
  const table = cloud.functions.get('processor')?.definition.variables['CONVERSATIONS_TABLE'] ?? '';
  await until(
    'nothing is unfinished',
    async () => {
      await cloud.invoke('sweeper', '{}');
      await sleep(A_SECOND_MS);
      const items = await cloud.dynamodb.scan(table);
      return items.every((item) => !('unfinishedShard' in item)) && (await client.isQuiet());
    },
    90_000,
  );
}

async function write(client: DrillClient, part: Part, text: string): Promise<void> {
  await client.post('messages', { to: BAKERY?.phoneNumberId, from: CUSTOMERS[part], text });
}

async function isSaid(client: DrillClient, part: Part, count: number): Promise<void> {
  await until(`customer "${part}" has ${count} replies`, async () => {
    return (await client.textsTo(CUSTOMERS[part])).length >= count;
  });
}

async function requests(client: DrillClient): Promise<number> {
  return Number((await client.get('model'))['requests']);
}

/** A webhook as Meta writes it, to be delivered more than once. */
function webhookOf(part: Part, text: string): Buffer {
  const contact = CUSTOMERS[part];
  const value = {
    messaging_product: 'whatsapp',
    metadata: {
      display_phone_number: BAKERY?.displayPhoneNumber,
      phone_number_id: BAKERY?.phoneNumberId,
    },
    contacts: [{ profile: { name: 'Mira' }, wa_id: contact }],
    messages: [
      {
        from: contact,
        id: `wamid.DRILL.${part}`,
        timestamp: String(Math.floor(Date.now() / 1000)),
        type: 'text',
        text: { body: text },
      },
    ],
  };
  return encodeAsMeta({
    object: 'whatsapp_business_account',
    entry: [{ id: BAKERY?.accountId, changes: [{ field: 'messages', value }] }],
  });
}

async function postTaken(url: string, body: Buffer): Promise<void> {
  const { status } = await fetch(`${url}/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': signAsMeta(body, APP_SECRET),
    },
    body: new Uint8Array(body),
  });
  if (status !== 200) throw new DrillError(`A webhook was answered with ${status}`);
}
