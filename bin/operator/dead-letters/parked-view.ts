import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { ParkedMessage } from '#app/ports/parked-messages.ts';

/** A parked message as it is printed: pseudonyms as in the logs, and nothing of the customer. */
export interface ParkedView {
  readonly message: string;
  readonly chat: string;
  readonly phoneNumberId: string;
  readonly acceptedAt: string;
  readonly ageSeconds: number;
  readonly reason: string;
  readonly class: string;
  readonly peer: string;
  readonly code: string;
  readonly attempts: number;
  readonly correlationId: string;
}

export function viewOf(parked: ParkedMessage, nowMs: number): ParkedView {
  const { chat, key, acceptedAtMs, correlationId, parking } = parked;
  return {
    message: pseudonyms.ofMessage(key),
    chat: pseudonyms.ofChat(chat),
    phoneNumberId: chat.phoneNumberId,
    acceptedAt: new Date(acceptedAtMs).toISOString(),
    ageSeconds: Math.max(0, Math.round((nowMs - acceptedAtMs) / 1000)),
    ...parking,
    correlationId,
  };
}
