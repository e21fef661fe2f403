import { VirtualClock } from '#local/clock.ts';
import type { Business } from '#local/whatsapp/business.ts';
import { GraphError } from '#local/whatsapp/graph-error.ts';
import { WhatsAppWorld, type WorldDeps } from '#local/whatsapp/world.ts';
import type { WorldEvent } from '#local/whatsapp/world-event.ts';

export const BAKERY: Business = {
  name: 'Test Bakery',
  phoneNumberId: '100000000000001',
  displayPhoneNumber: '15550100001',
  accountId: '200000000000001',
  portfolioId: '300000000000001',
  accessTokens: ['bakery-token'],
  templates: [{ name: 'reminder', language: 'es', category: 'utility' }],
};

export const CLINIC: Business = {
  ...BAKERY,
  name: 'Test Clinic',
  phoneNumberId: '100000000000002',
  displayPhoneNumber: '15550100002',
  accountId: '200000000000002',
  portfolioId: '300000000000002',
  accessTokens: ['clinic-token'],
};

export const MIRA = '34600111222';

/** One webhook as it arrived. */
interface Arrived {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the callback URL. */
  readonly callback: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read deep into what was delivered
  readonly body: any;
}

/** A world whose clock stands at noon of 2026-11-23, with a subscriber that answers `statusOfNext()`. */
export function aWorld(overrides: Partial<WorldDeps> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 10, 23, 12));
  const arrived: Arrived[] = [];
  const events: WorldEvent[] = [];
  const answers: number[] = [];
  const world = new WhatsAppWorld({
    businesses: [BAKERY, CLINIC],
    appSecret: 'local-app-secret',
    clock,
    deliver: async (bytes, headers, callback) => {
      arrived.push({ bytes, headers, callback, body: JSON.parse(bytes.toString()) });
      return answers.shift() ?? 200;
    },
    onEvent: (event) => events.push(event),
    ...overrides,
  });
  /** Lets what a delivery promised happen, then moves the clock. */
  async function pass(ms: number): Promise<void> {
    await settle();
    clock.advanceBy(ms);
    await settle();
  }
  return { world, clock, arrived, events, answers, pass };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** Sends as the bakery to Mira. */
export function send(world: WhatsAppWorld, body: object, token = 'bakery-token'): object {
  return world.send({
    phoneNumberId: BAKERY.phoneNumberId,
    authorization: `Bearer ${token}`,
    body: { messaging_product: 'whatsapp', to: `+${MIRA}`, ...body },
  });
}

/** The error that a call is refused with. */
export function refusalOf(call: () => unknown): GraphError {
  try {
    call();
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
