import type { StoredInbound, StoredMessage } from './message.ts';

const HOUR_MS = 3_600_000;

/**
 * For how long a message's id is certainly remembered (stored items live longer). Meta redelivers for 7
 * days and signs no time, so an older message may be one that was answered and forgotten: it is counted
 * and not taken.
 */
const DUPLICATE_WINDOW_MS = 30 * 24 * HOUR_MS;

/** What is older is answered by a person: its question has most likely been settled otherwise. */
const MODEL_ANSWERS_FOR_MS = 12 * HOUR_MS;

/** The customer service window (Cloud API, "Send messages"), less what a reply needs to get through. */
const WINDOW_MS = 24 * HOUR_MS - 5 * 60_000;

/** A timestamp of 0 is none, and one of the future is a clock's mistake: neither says how old a message is. */
export function saidAtMs(sentAtMs: number, receivedAtMs: number): number {
  return sentAtMs === 0 ? receivedAtMs : Math.min(sentAtMs, receivedAtMs);
}

/** Whether a message that comes in now may be one that was dealt with and forgotten. */
export function isBeyondDuplicateWindow(sentAtMs: number, nowMs: number): boolean {
  return nowMs - saidAtMs(sentAtMs, nowMs) > DUPLICATE_WINDOW_MS;
}

/** Whether a person, and no longer the model, should answer it. */
export function isTooOldForModel({ message, acceptedAtMs }: StoredInbound, nowMs: number): boolean {
  return nowMs - saidAtMs(message.sentAtMs, acceptedAtMs) > MODEL_ANSWERS_FOR_MS;
}

/** Whether a reply to it, and to nothing newer, would be refused. */
export function isBeyondWindow({ message, acceptedAtMs }: StoredInbound, nowMs: number): boolean {
  return nowMs >= saidAtMs(message.sentAtMs, acceptedAtMs) + WINDOW_MS;
}

/** When WhatsApp stops taking free-form replies, as far as these messages of a chat tell. */
export function windowClosesAtMs(messages: readonly StoredMessage[]): number {
  const said = messages
    .filter((each): each is StoredInbound => each.direction === 'in')
    .filter(({ message }) => message.command === undefined)
    .map(({ message, acceptedAtMs }) => saidAtMs(message.sentAtMs, acceptedAtMs));
  return said.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...said) + WINDOW_MS;
}
