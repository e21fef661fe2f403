import { expect } from 'vitest';
import { type SharedStack, useLocalStack } from './local-stack.ts';
import type { SimulatorClient } from './simulator-client.ts';
import { BAKERY, postWebhook, type TextMessage, textWebhook } from './webhooks.ts';

/** What the bakery says when no answer can be had. */
export const FALLBACK =
  'Thank you for your message! Somebody of the bakery will get back to you shortly.';

/** Long enough for a chat whose worker died: its ring is hidden for a little over a minute. */
export const AFTER_A_CRASH = { timeout: 150_000, interval: 500 };

const QUIET = { timeout: 100_000, interval: 200 };

/** A stack for the scenarios of a file, with the customers who take part. */
export interface Scenario extends SharedStack {
  /** A phone number that nobody had before. */
  customer(): string;
  /** A customer writes to the bakery; the webhook is posted once. @returns its HTTP status */
  say(from: string, text: string, over?: Partial<TextMessage>): Promise<number>;
  /** Resolves when no ring and no event is under way, or waits to be. */
  quiet(): Promise<void>;
  /** Resolves when no ring is under way, or waits to be; an event that failed comes back late. */
  noRings(): Promise<void>;
  /** Resolves when every armed fault has been met. */
  faultsMet(): Promise<void>;
  /** The customer has got these texts, and no others once all is quiet. */
  expectReplies(to: string, texts: readonly string[]): Promise<void>;
  /** By how much these metrics grew since `before`. */
  grown<Name extends string>(
    before: Readonly<Record<string, number>>,
    names: readonly Name[],
  ): Promise<Readonly<Record<Name, number>>>;
  /** Lines of the functions' logs that tell a number, a text or a secret. */
  leaks(): readonly string[];
}

/** The start of every reply, of every message id, and of every secret. */
const NEVER_LOGGED = ['You said', 'wamid.', 'local-token', 'local-app-secret', 'local-openai-key'];
const SHORTEST_TELLING_TEXT = 12;

function isTelling(text: string): boolean {
  return text.length >= SHORTEST_TELLING_TEXT;
}

/** Every customer here has such a number; digits inside of a hash are none. */
function hasPhone(line: string): boolean {
  return /(?<![0-9a-f])346\d{8}(?![0-9a-f])/.test(line);
}

/** `number` tells the files apart, so that no phone number is in two. */
export function useScenario(number: number): () => Scenario {
  const local = useLocalStack();
  let customers = 0;
  const customer = () => {
    customers += 1;
    return `346${String(number).padStart(3, '0')}${String(customers).padStart(5, '0')}`;
  };
  const words: string[] = [];
  let messages = 0;
  return (): Scenario => {
    const { stack, simulator } = local();
    return {
      stack,
      simulator,
      customer,
      say: async (from, text, over = {}) => {
        messages += 1;
        words.push(text);
        const message = { id: `wamid.SCENARIO${number}.${messages}`, from, text, ...over };
        return (await postWebhook(stack.url, textWebhook(BAKERY, [message]))).status;
      },
      quiet: () => quiet(simulator),
      noRings: () => noRings(simulator),
      faultsMet: () => expect.poll(() => simulator.faultsLeft(), QUIET).toBe(0),
      expectReplies: async (to, texts) => {
        await expect.poll(() => simulator.textsTo(to), QUIET).toEqual(texts);
        await noRings(simulator);
        expect(await simulator.textsTo(to)).toEqual(texts);
      },
      grown: async (before, names) => {
        const after = await simulator.metrics();
        const growth = names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]);
        return Object.fromEntries(growth);
      },
      leaks: () => {
        const log = stack.functionLog();
        expect(log.length).toBeGreaterThan(0);
        const secret = [...words.filter(isTelling), ...NEVER_LOGGED];
        return log.filter((line) => hasPhone(line) || secret.some((each) => line.includes(each)));
      },
    };
  };
}

async function quiet(simulator: SimulatorClient): Promise<void> {
  await expect.poll(() => inQueues(simulator, /(Chats|Events)Queue/), QUIET).toBe(0);
}

async function noRings(simulator: SimulatorClient): Promise<void> {
  await expect.poll(() => inQueues(simulator, /ChatsQueue/), QUIET).toBe(0);
}

async function inQueues(simulator: SimulatorClient, wanted: RegExp): Promise<number> {
  const queues = await simulator.queues();
  return queues
    .filter(({ name }) => wanted.test(name))
    .reduce((sum, { available, in_flight }) => sum + available + in_flight, 0);
}
