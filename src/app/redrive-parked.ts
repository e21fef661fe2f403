import type { MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Clock } from './ports/clock.ts';
import type { Fate, ParkedMessage, ParkedMessages } from './ports/parked-messages.ts';
import type { ChatBell } from './ports/queues.ts';

export interface RedriveParkedDeps {
  readonly parked: ParkedMessages;
  readonly bell: ChatBell;
  readonly clock: Clock;
  pause(ms: number): Promise<void>;
  /** Whoever waits for the answers goes away when nothing has changed for this long, or sooner. */
  readonly patienceMs: number;
}

/** How far a redrive has come. */
export interface RedriveProgress {
  readonly step: 'rung' | 'settled';
  readonly done: number;
  readonly of: number;
  /** Taken up by the processor, which may wait for a peer. */
  readonly worked: number;
}

export interface Redriven {
  readonly rung: readonly ParkedMessage[];
  /** The queue did not take their rings: they wait as before. */
  readonly notRung: readonly ParkedMessage[];
  /** How many of those that were rung. */
  readonly fates: ReadonlyMap<Fate, number>;
}

const RUNG_AT_ONCE = 80;
const READ_AT_ONCE = 25;
const LOOK_EVERY_MS = 500;
/** A ring is answered within seconds; what was not taken up by then was given up again, or is queued. */
const TAKEN_UP_WITHIN_MS = 15_000;

/**
 * Has parked messages tried again. The processor answers once however often it is rung, so this can be
 * interrupted and repeated.
 * 1. Rings for each, in the given order, under a number that no ring had before.
 * 2. Watches what becomes of them, until all are settled or nothing changes any more.
 */
export async function redriveParked(
  messages: readonly ParkedMessage[],
  deps: RedriveParkedDeps,
  report: (progress: RedriveProgress) => void,
): Promise<Redriven> {
  const { rung, notRung } = await ringAll(messages, deps, report);
  const fates = new Map<Fate, number>();
  for (const fate of await watch(rung, deps, report)) fates.set(fate, (fates.get(fate) ?? 0) + 1);
  return { rung, notRung, fates };
}

async function ringAll(
  messages: readonly ParkedMessage[],
  { bell, clock }: RedriveParkedDeps,
  report: (progress: RedriveProgress) => void,
): Promise<Pick<Redriven, 'rung' | 'notRung'>> {
  const number = clock.now();
  const rung: ParkedMessage[] = [];
  const notRung: ParkedMessage[] = [];
  for (let at = 0; at < messages.length; at += RUNG_AT_ONCE) {
    const some = messages.slice(at, at + RUNG_AT_ONCE);
    const rings = some.map(({ chat, key, correlationId }) => ({
      chat,
      messageKey: key,
      number,
      correlationId,
    }));
    const notTaken = new Set(
      (await bell.ring(rings)).map((ring) => nameOf(ring.chat, ring.messageKey)),
    );
    rung.push(...some.filter(({ chat, key }) => !notTaken.has(nameOf(chat, key))));
    notRung.push(...some.filter(({ chat, key }) => notTaken.has(nameOf(chat, key))));
    report({ step: 'rung', done: rung.length, of: messages.length, worked: 0 });
    if (notTaken.size === some.length) {
      // A queue that takes nothing at all will not take the rest either.
      notRung.push(...messages.slice(at + some.length));
      break;
    }
  }
  return { rung, notRung };
}

/** Messages of two numbers may have the same key. */
function nameOf(chat: Chat, key: MessageKey): string {
  return `${chatKey(chat)}#${key}`;
}

/** @returns the last that was seen of each message, in their order */
async function watch(
  messages: readonly ParkedMessage[],
  { parked, clock, pause, patienceMs }: RedriveParkedDeps,
  report: (progress: RedriveProgress) => void,
): Promise<readonly Fate[]> {
  const fates: Fate[] = messages.map(() => 'parked');
  let open = [...messages.entries()];
  let changedAtMs = clock.now();

  async function look([index, { chat, key }]: [number, ParkedMessage]): Promise<boolean> {
    const before = fates[index];
    const fate = await parked.readFate(chat, key);
    if (fate === before) return false;
    fates[index] = fate;
    changedAtMs = clock.now();
    // Parked again: it was tried, and its cause is still there.
    return fate !== 'unfinished';
  }

  while (open.length > 0) {
    const settled: boolean[] = [];
    for (let at = 0; at < open.length; at += READ_AT_ONCE) {
      settled.push(...(await Promise.all(open.slice(at, at + READ_AT_ONCE).map(look))));
    }
    open = open.filter((_, index) => !settled[index]);
    const worked = open.filter(([index]) => fates[index] === 'unfinished').length;
    report({ step: 'settled', done: messages.length - open.length, of: messages.length, worked });
    const patience = worked > 0 ? patienceMs : Math.min(patienceMs, TAKEN_UP_WITHIN_MS);
    if (open.length === 0 || clock.now() - changedAtMs >= patience) break;
    await pause(LOOK_EVERY_MS);
  }
  return fates;
}
