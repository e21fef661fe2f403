import { captionOf, readText } from '#domain/whatsapp/message-text.ts';
import type { StoredInbound } from './message.ts';
import { readingOf } from './text-reading.ts';

/**
 * - `adaptive`: what the customer has written so far decides
 * - `none`: answer at once
 * - `fixed`: always wait this long after the last message
 */
export type BurstWait =
  | { readonly kind: 'adaptive' }
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly seconds: number };

/** Nobody waits longer than this from the first message on, or beyond so many messages. */
export const LONGEST_BURST_WAIT_MS = 10_000;
const MOST_MESSAGES = 20;

const AFTER_GREETING_MS = 2_000;
const AFTER_UNFINISHED_MS = 3_000;
const AFTER_SEVERAL_MS = 3_000;

/** A ring is hidden for whole seconds. */
const SECOND_MS = 1_000;

/**
 * How long to wait whether the customer writes on, in whole seconds of milliseconds; 0 = answer now. A
 * pure function of what waits: the wait is over by itself once its time has passed.
 */
export function burstWaitMs(
  waiting: readonly StoredInbound[],
  setting: BurstWait,
  nowMs: number,
): number {
  const byArrival = waiting.toSorted((one, other) => one.acceptedAtMs - other.acceptedAtMs);
  const first = byArrival[0];
  const last = byArrival.at(-1);
  if (!first || !last || waiting.length >= MOST_MESSAGES) return 0;
  const until = Math.min(
    last.acceptedAtMs + quietMs(last, waiting.length, setting),
    first.acceptedAtMs + LONGEST_BURST_WAIT_MS,
  );
  const leftMs = Math.min(until - nowMs, LONGEST_BURST_WAIT_MS);
  return Math.max(0, Math.floor(leftMs / SECOND_MS) * SECOND_MS);
}

/** How long nothing more has to come before we answer. */
function quietMs(last: StoredInbound, messages: number, setting: BurstWait): number {
  switch (setting.kind) {
    case 'none':
      return 0;
    case 'fixed':
      return setting.seconds * SECOND_MS;
    case 'adaptive':
      break;
  }
  if (TAPS.includes(last.message.type)) return 0;
  if (messages > 1) return AFTER_SEVERAL_MS;
  if (isBareMedia(last)) return AFTER_UNFINISHED_MS;
  switch (readingOf(wordsOf(last))) {
    case 'complete':
      return 0;
    case 'greeting':
      return AFTER_GREETING_MS;
    case 'unfinished':
      return AFTER_UNFINISHED_MS;
  }
}

/** A choice was made, or a thing sent that speaks for itself. */
const TAPS = ['button', 'interactive', 'order', 'audio', 'location', 'contacts'];

/** A picture or a file often comes first, and what is wanted of it next. */
const MEDIA = ['image', 'video', 'document', 'sticker'];

function isBareMedia({ message }: StoredInbound): boolean {
  return MEDIA.includes(message.type) && captionOf(message) === undefined;
}

function wordsOf({ message }: StoredInbound): string {
  return MEDIA.includes(message.type) ? (captionOf(message) ?? '') : readText(message);
}
