import type { Random } from '../random.ts';
import { DAY_MS } from '../settings.ts';
import type { Customer, MessageType, PlannedMessage, PlannedWebhook } from './schedule.ts';

export interface Traffic {
  readonly messages: readonly PlannedMessage[];
  readonly webhooks: readonly PlannedWebhook[];
}

/**
 * What the customers write, and how Meta delivers it. Some change their number, with or without a user id.
 */
export function generateTraffic(customers: readonly Customer[], random: Random): Traffic {
  const messages = customers.flatMap((customer) => messagesOf(customer, random));
  const numbered = messages.map((message, id) => ({ ...message, id }));
  return { messages: numbered, webhooks: generateWebhooks(numbered, random) };
}

function messagesOf({ index }: Customer, random: Random): readonly Omit<PlannedMessage, 'id'>[] {
  const count = random.chance(0.06) ? random.int(8, 16) : random.int(1, 4);
  const habit = random.pick(['phone', 'phone', 'phone', 'user', 'both', 'mixed'] as const);
  const moves = count > 1 && random.chance(0.12) ? random.int(1, count) : count;
  const back = random.chance(0.5) ? moves + random.int(1, 2) : count;
  let atMs = random.int(0, 5_000);
  return Array.from({ length: count }, (_, nth) => {
    atMs += pause(random);
    return {
      customer: index,
      writtenAtMs: atMs,
      type: nth === moves || nth === back ? 'changed-number' : typeOf(random),
      ids: habit === 'mixed' ? random.pick(['phone', 'user', 'both'] as const) : habit,
      phone: nth > moves && nth <= back ? 1 : 0,
    };
  });
}

/** Within a second, while the reply is being written, after it, or much later. */
function pause(random: Random): number {
  const chance = random.next();
  if (chance < 0.35) return random.int(50, 900);
  if (chance < 0.65) return random.int(900, 6_000);
  if (chance < 0.9) return random.int(6_000, 60_000);
  return random.int(60_000, 3_600_000);
}

function typeOf(random: Random): MessageType {
  if (random.chance(0.8)) return 'text';
  if (random.chance(0.12)) return random.pick(['stop', 'stop', 'start'] as const);
  if (random.chance(0.1)) return 'wants-person';
  return random.pick([
    'image',
    'document',
    'voice',
    'voice',
    'location',
    'button',
    'reaction',
    'unsupported',
    'poison',
  ]);
}

function generateWebhooks(
  messages: readonly PlannedMessage[],
  random: Random,
): readonly PlannedWebhook[] {
  const written = messages.toSorted((one, other) => one.writtenAtMs - other.writtenAtMs);
  const webhooks: PlannedWebhook[] = [];
  for (let at = 0; at < written.length; ) {
    const size = random.chance(0.15) ? random.int(2, 5) : 1;
    const some = written.slice(at, at + size);
    at += some.length;
    const lastMs = Math.max(...some.map(({ writtenAtMs }) => writtenAtMs));
    const ids = some.map(({ id }) => id);
    webhooks.push({
      atMs: lastMs + delay(random),
      messages: random.chance(0.3) ? ids.toReversed() : ids,
      copiesAfterMs: random.chance(0.2) ? copies(random) : [],
    });
  }
  return webhooks.toSorted((one, other) => one.atMs - other.atMs);
}

/** Some are overtaken by what was written later. */
function delay(random: Random): number {
  if (random.chance(0.85)) return random.int(200, 900);
  return random.int(900, 15_000);
}

/** At once and side by side, a little later, or when everybody has forgotten. */
function copies(random: Random): readonly number[] {
  return Array.from({ length: random.int(1, 3) }, () => {
    const chance = random.next();
    if (chance < 0.5) return random.int(0, 400);
    if (chance < 0.8) return random.int(1_000, 600_000);
    return Math.floor(6.9 * DAY_MS) + random.int(0, 60_000);
  });
}
