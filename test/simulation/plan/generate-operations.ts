import type { Random } from '../random.ts';
import type { BusinessIndex, Customer, Operation } from './schedule.ts';

/** Most of what happens happens within this. */
const BUSY_MS = 60_000;

/** What the operator and the businesses do meanwhile; in most schedules nothing. */
export function generateOperations(
  customers: readonly Customer[],
  random: Random,
): readonly Operation[] {
  const chance = random.next();
  const business: BusinessIndex = random.chance(0.5) ? 1 : 0;
  const atMs = random.int(0, BUSY_MS);
  const repairedAtMs = atMs + random.int(10_000, random.pick([60_000, 7_200_000]));
  const redrives: readonly Operation[] = random.chance(0.5)
    ? [{ atMs: repairedAtMs + random.int(1_000, 600_000), kind: 'redrive' }]
    : [];
  if (chance < 0.08) {
    const state = random.pick(['suspended', 'misconfigured', 'unknown'] as const);
    const repair: Operation = { atMs: repairedAtMs, kind: 'tenant', business, state: 'active' };
    const broken: Operation = { atMs, kind: 'tenant', business, state };
    return random.chance(0.15) ? [broken] : [broken, repair, ...redrives];
  }
  if (chance < 0.13) {
    return [
      { atMs, kind: 'revoke-token', business },
      { atMs: repairedAtMs, kind: 'put-token', business },
      ...redrives,
    ];
  }
  if (chance < 0.16)
    return [{ atMs, kind: 'rotate-app-secret', metaAfterMs: random.int(0, 90_000) }];
  if (chance < 0.27) return people(customers, random);
  if (chance < 0.4) return erasures(customers, random);
  if (chance < 0.46) return [{ atMs: 0, kind: 'limits', business }];
  if (chance < 0.52) {
    const spent: Operation = { atMs, kind: 'budget', business, hasRoom: false };
    const raised: Operation = { atMs: repairedAtMs, kind: 'budget', business, hasRoom: true };
    return random.chance(0.3) ? [spent] : [spent, raised];
  }
  return [];
}

/** While a turn runs, after it, or when much has been said; perhaps a second time. */
function erasures(customers: readonly Customer[], random: Random): readonly Operation[] {
  const customer = random.int(0, customers.length - 1);
  const erase = (): Operation => ({
    atMs: random.int(0, random.pick([12_000, BUSY_MS, 3_600_000])),
    kind: 'erase',
    customer,
    id: random.pick([0, 0, 1, 2, 2] as const),
  });
  return random.chance(0.2) ? [erase(), erase()] : [erase()];
}

/** People who take chats, speak in them, there and on the phone, and mostly give them back. */
function people(customers: readonly Customer[], random: Random): readonly Operation[] {
  const customer = random.int(0, customers.length - 1);
  const at = random.pick([0, 0, 0, 1, 2] as const);
  let atMs = random.int(0, random.pick([6_000, BUSY_MS]));
  const count = random.int(1, 7);
  const acts = Array.from({ length: count }, (_, id): Operation => {
    const does = random.pick(['take', 'say', 'say', 'echo', 'release'] as const);
    const act = { atMs, kind: 'person', customer, does, id, at } as const;
    atMs += random.int(1, random.pick([900, 20_000, 20_000, 3_600_000]));
    return act;
  });
  const back: Operation = { atMs, kind: 'person', customer, does: 'release', id: count, at };
  return random.chance(0.5) ? [...acts, back] : acts;
}
