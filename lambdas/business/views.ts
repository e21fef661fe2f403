import type { output } from 'zod/mini';
import type { ListedChat } from '#app/ports/chat-index.ts';
import type { ShownContact } from '#app/show-chat.ts';
import type { ServiceWindow } from '#domain/conversation/service-window.ts';
import type { chatDetails, chatView } from './schemas.ts';

/** What the API tells, of what is stored. */

export function listedView({
  chat,
  state,
  flag,
  lastMessageAtMs,
}: ListedChat): output<typeof chatView> {
  const { phoneNumberId: number, contact } = chat;
  return { number, contact, state, flag: flag ?? null, lastMessageAt: timeOf(lastMessageAtMs) };
}

export function shownView({ chat, head }: ShownContact): output<typeof chatView> {
  const { phoneNumberId: number, contact } = chat;
  const known = typeof head === 'object' ? head : undefined;
  return {
    number,
    contact,
    state: known?.state ?? 'assistant',
    flag: known?.flag ?? null,
    lastMessageAt: known && known.lastMessageAtMs > 0 ? timeOf(known.lastMessageAtMs) : null,
  };
}

export function handOverView({ head }: ShownContact): output<typeof chatDetails>['handOver'] {
  const handOver = typeof head === 'object' ? head.handOver : undefined;
  if (!handOver) return null;
  const { sinceMs, cause, by, reason, summary, releasedAtMs } = handOver;
  return {
    since: timeOf(sinceMs),
    cause,
    by: by ?? null,
    explanation: reason ?? null,
    summary: summary ?? null,
    releasedAt: releasedAtMs === undefined ? null : timeOf(releasedAtMs),
  };
}

export function windowView({
  isOpen,
  closesAtMs,
}: ServiceWindow): output<typeof chatDetails>['window'] {
  return { open: isOpen, closesAt: closesAtMs === undefined ? null : timeOf(closesAtMs) };
}

/** What a sender gave for a time may be beyond all times. */
export function timeOf(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
