// A process of its own for each receiver, so that none runs on what another one has compiled or left.

import { APP_SECRET } from '../../../local/demo.ts';
import { cpuPerCall } from '../cpu-per-call.ts';
import type { SizedWebhook } from '../webhooks.ts';
import type { Probe } from './probes.ts';
import type { Found, Receiver, ReceiverModule } from './receiver.ts';

/** What the process is told. */
export interface Order {
  readonly receiver: string;
  readonly webhooks: readonly SizedWebhook[];
  readonly probes: readonly Probe[];
}

/** What it answers. */
export interface Report {
  /** CPU for each webhook, in microseconds. */
  readonly cpuUs: readonly number[];
  /** What became of each probe; a text is the exception's name. */
  readonly outcomes: readonly Outcome[];
}

export type Outcome = { readonly refused: true } | { readonly threw: string } | Found;

process.once('message', async (order: Order) => {
  const module: unknown = await import(`./receivers/${order.receiver}.mjs`);
  if (!isReceiverModule(module)) throw new Error(`${order.receiver} makes no receiver`);
  const receiver = module.createReceiver(APP_SECRET);
  const outcomes: Outcome[] = [];
  for (const probe of order.probes) outcomes.push(await outcomeOf(receiver, probe));
  const cpuUs: number[] = [];
  for (const { body, signature } of order.webhooks) {
    cpuUs.push(await cpuPerCall(() => receiver.receive(body, signature)));
  }
  const report: Report = { cpuUs, outcomes };
  process.send?.(report, () => process.disconnect());
});

async function outcomeOf(receiver: Receiver, { body, signature, wanted }: Probe): Promise<Outcome> {
  try {
    const received = await receiver.receive(body, signature);
    return received === undefined ? { refused: true } : receiver.found(received);
  } catch (error) {
    // To refuse by an exception is as good.
    if (wanted === 'refused') return { refused: true };
    return { threw: error instanceof Error ? error.name : 'something' };
  }
}

function isReceiverModule(module: unknown): module is ReceiverModule {
  return typeof module === 'object' && module !== null && 'createReceiver' in module;
}
