import { parseArgs } from 'node:util';
import { BUSINESSES, tenantOf } from '../../test/simulation/people.ts';
import {
  type BusinessIndex,
  CALM_STATUSES,
  type Customer,
  type PlannedMessage,
  type Schedule,
} from '../../test/simulation/plan/schedule.ts';
import { playOut } from '../../test/simulation/run-schedule.ts';
import { Stage } from '../../test/simulation/stage.ts';
import { World } from '../../test/simulation/world.ts';

/**
 * What one tenant's flood does to another tenant's customers: the real code on the simulation's ports,
 * in virtual time, with the queue, the event source and the concurrency of production. One message each
 * second from another customer of the quiet tenant; the flood is as many customers of the noisy one as
 * are asked for, within ten seconds.
 */
const { values } = parseArgs({
  options: {
    flood: { type: 'string', default: '6000' },
    limit: { type: 'string', default: '3000' },
    json: { type: 'boolean', default: false },
  },
});

const QUIET_CUSTOMERS = 60;
const FLOOD_BEGINS_MS = 10_000;
const FLOOD_LASTS_MS = 10_000;
const [NOISY, QUIET] = BUSINESSES;

interface Row {
  readonly what: string;
  readonly answered: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

function customers(count: number, business: BusinessIndex, from: number): readonly Customer[] {
  return Array.from({ length: count }, (_, nth) => ({
    index: from + nth,
    business,
    phones: [phone(from + nth, 0), phone(from + nth, 1)],
    userId: `ES.${from + nth}`,
  }));
}

function phone(index: number, nth: number): string {
  return `3460${String(index * 2 + nth).padStart(7, '0')}`;
}

function scheduleOf(flood: number): Schedule {
  const quiet = customers(QUIET_CUSTOMERS, QUIET.index, 0);
  const noisy = customers(flood, NOISY.index, QUIET_CUSTOMERS);
  const messages = [
    ...quiet.map(({ index }, nth) => message(index, nth * 1_000)),
    ...noisy.map(({ index }, nth) =>
      message(index, FLOOD_BEGINS_MS + Math.floor((nth * FLOOD_LASTS_MS) / flood)),
    ),
  ];
  return {
    seed: 1,
    customers: [...quiet, ...noisy],
    messages,
    webhooks: messages.map(({ id, writtenAtMs }) => ({
      atMs: writtenAtMs + 200,
      messages: [id],
      copiesAfterMs: [],
    })),
    operations: [],
    statuses: { ...CALM_STATUSES, never: 1 },
    faults: [],
  };
}

function message(customer: number, writtenAtMs: number): PlannedMessage {
  return { id: customer, customer, writtenAtMs, type: 'button', ids: 'phone', phone: 0 };
}

async function measure(
  what: string,
  flood: number,
  turnsPerMinute: number | undefined,
): Promise<Row> {
  const schedule = scheduleOf(flood);
  const world = new World(schedule);
  for (const business of BUSINESSES) {
    const tenant = tenantOf(business);
    const limits = { ...tenant.limits, turnsPerMinute: turnsPerMinute ?? 1_000_000 };
    world.tenants.put(business.phoneNumberId, { ...tenant, limits });
  }
  new Stage(world).start();
  await playOut(world, Number.POSITIVE_INFINITY);
  const waits = [...world.oracle.messages.chats.values()]
    .flatMap((chat) => [...chat.values()])
    .filter(({ planned }) => planned.customer < QUIET_CUSTOMERS)
    .map(({ storedAtMs, settledAtMs }) => settledAtMs - storedAtMs)
    .sort((one, other) => one - other);
  const at = (share: number) => Math.round(waits[Math.floor(share * (waits.length - 1))] ?? 0);
  return {
    what,
    answered: waits.length,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    longestMs: at(1),
  };
}

function inColumns(rows: readonly Row[]): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(9);
  return [
    `${''.padEnd(60)}   median       95 %   longest`,
    ...rows.map(
      ({ what, medianMs, p95Ms, longestMs }) =>
        `${what.padEnd(60)}${seconds(medianMs)}  ${seconds(p95Ms)} ${seconds(longestMs)}`,
    ),
  ].join('\n');
}

const flood = Number(values.flood);
const limit = Number(values.limit);
const rows = [
  await measure('nobody else', 0, undefined),
  await measure(`a flood of ${flood} chats, no limit`, flood, undefined),
  await measure(`the same, ${limit} turns a minute for each tenant`, flood, limit),
];
process.stdout.write(`${values.json ? JSON.stringify(rows, undefined, 2) : inColumns(rows)}\n`);
