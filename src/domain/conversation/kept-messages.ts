import { type Sorted, sortByLimits } from '#domain/limits/contact-usage.ts';
import type { ContactLimits } from '#domain/tenant/terms.ts';
import { isBeyondWindow, isTooOldForModel } from './age.ts';
import type { HandOver, SpokenWord } from './hand-over.ts';
import type { ChatHead } from './head.ts';
import { keyTimeMs, type MessageKey, type StoredInbound } from './message.ts';

/** Their keys lie in the head, and an item of the table has 400 KB. */
const MOST_KEPT = 200;

/** These, too, are left to a person, as far as the person has not answered them already. */
export function keep(record: HandOver, messages: readonly StoredInbound[]): HandOver {
  const unanswered = messages.filter((each) => !isAnswered(record, each)).map(({ key }) => key);
  return { ...record, kept: [...new Set([...record.kept, ...unanswered])].slice(-MOST_KEPT) };
}

/** Meta's times are whole seconds, and who writes an answer has read the question before. */
const SECOND_MS = 1_000;

/** A person has said something: what was written before it is answered. */
export function answeredBy(record: HandOver, word: SpokenWord): HandOver {
  const kept = record.kept.filter((key) => keyTimeMs(key) + SECOND_MS > word.atMs);
  return { ...record, kept, spoke: word };
}

/** Written before the person's last word, and there by then: what comes late nobody has read. */
function isAnswered({ spoke }: HandOver, { key, acceptedAtMs }: StoredInbound): boolean {
  if (!spoke) return false;
  return keyTimeMs(key) + SECOND_MS <= spoke.atMs && acceptedAtMs <= spoke.acceptedAtMs;
}

/** Whether a message was left to a person, who gave the chat back without a word on it. */
export function isTakenUp({ state, handOver }: ChatHead, key: MessageKey): boolean {
  return state === 'assistant' && handOver !== undefined && handOver.kept.includes(key);
}

/** What was left to a person who never answered it is answered for as long as WhatsApp takes a reply. */
export function isTooOld(stored: StoredInbound, head: ChatHead, nowMs: number): boolean {
  return isTakenUp(head, stored.key)
    ? isBeyondWindow(stored, nowMs)
    : isTooOldForModel(stored, nowMs);
}

/**
 * By what the contact may write. What was taken up counts by when it was written: all of it was accepted anew
 * in one moment, and would be too much for that.
 */
export function sortWaiting(
  waiting: readonly StoredInbound[],
  head: ChatHead,
  limits: ContactLimits,
): Sorted {
  return sortByLimits(waiting, head.usage, limits, ({ key, message, acceptedAtMs }) =>
    isTakenUp(head, key) ? message.sentAtMs || acceptedAtMs : acceptedAtMs,
  );
}
