import { messageBody } from '#adapters/whatsapp/graph-messages.ts';
import type { OutgoingMessage } from '#app/ports/message-sender.ts';
import { chatKey } from '#domain/ids.ts';
import type { VirtualClock } from '#local/clock.ts';
import { GraphError } from '#local/whatsapp/graph-error.ts';
import { readOutgoing } from '#local/whatsapp/message-rules.ts';
import { BUSINESSES } from '../people.ts';
import { DAY_MS } from '../settings.ts';
import {
  INVALID,
  PAIR_LIMIT,
  THROUGHPUT_LIMIT,
  TOKEN_REFUSED,
  WINDOW_CLOSED,
} from './graph-answers.ts';
import type { GraphResult } from './simulated-sender.ts';

export interface SimulatedGraphOptions {
  readonly clock: VirtualClock;
  /** The token that each business's number takes now. */
  readonly tokens: readonly [string, string];
  /** When the customer of a chat wrote last, in the time of the run. */
  readonly lastWrittenMs: (message: OutgoingMessage) => number;
  /** A bubble is on its way to the customer's phone. */
  readonly accepted: (message: OutgoingMessage, wamid: string, nth: number) => void;
}

/** Meta's limits: 45 at once to one customer, then one every six seconds; 80 a second per number. */
const PAIR_BURST = 45;
const PAIR_INTERVAL_MS = 6_000;
const PER_SECOND = 80;

/** The Graph API as it takes messages. */
export class SimulatedGraph {
  readonly tokens: [string, string];
  readonly #options: SimulatedGraphOptions;
  readonly #owedMs = new Map<string, number>();
  readonly #perSecond = new Map<string, number>();
  #accepted = 0;

  constructor(options: SimulatedGraphOptions) {
    this.#options = options;
    this.tokens = [...options.tokens];
  }

  take(message: OutgoingMessage, accessToken: string): GraphResult {
    const { clock, lastWrittenMs, accepted } = this.#options;
    const { chat } = message.reference;
    const business = BUSINESSES.find((each) => each.phoneNumberId === chat.phoneNumberId);
    if (!business || this.tokens[business.index] !== accessToken) {
      return { kind: 'answered', answer: TOKEN_REFUSED };
    }
    if (clock.now() - lastWrittenMs(message) > DAY_MS) {
      return { kind: 'answered', answer: WINDOW_CLOSED };
    }
    if (!isUnderstood(message)) return { kind: 'answered', answer: INVALID };
    if (!this.#withinPairLimit(chatKey(chat))) return { kind: 'answered', answer: PAIR_LIMIT };
    const second = `${chat.phoneNumberId} ${Math.floor(clock.now() / 1000)}`;
    const sent = this.#perSecond.get(second) ?? 0;
    if (sent >= PER_SECOND) return { kind: 'answered', answer: THROUGHPUT_LIMIT };
    this.#perSecond.set(second, sent + 1);
    this.#accepted += 1;
    const record = Buffer.from(`out${this.#accepted} ${chat.contact}`).toString('base64');
    const wamid = `wamid.${record}`;
    accepted(message, wamid, this.#accepted);
    return { kind: 'accepted', wamid };
  }

  /** A burst is borrowed from the future. */
  #withinPairLimit(pair: string): boolean {
    const nowMs = this.#options.clock.now();
    const owedUntilMs = Math.max(nowMs, this.#owedMs.get(pair) ?? 0) + PAIR_INTERVAL_MS;
    if (owedUntilMs - nowMs > PAIR_BURST * PAIR_INTERVAL_MS) return false;
    this.#owedMs.set(pair, owedUntilMs);
    return true;
  }
}

/** By the same rules as the simulator's. */
function isUnderstood(message: OutgoingMessage): boolean {
  try {
    readOutgoing(messageBody(message) ?? {});
    return true;
  } catch (error) {
    if (error instanceof GraphError) return false;
    throw error;
  }
}
