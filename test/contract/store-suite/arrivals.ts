import type { Arrival } from '#app/ports/conversation-store.ts';
import { inboundKey, type MessageKey } from '#domain/conversation/message.ts';
import { type Chat, parseTurnId, type TurnId } from '#domain/ids.ts';
import { aChat, aMessage, present } from '#test/support/builders.ts';

/** When every message of the suite is accepted, unless a test says otherwise. */
export const ACCEPTED_AT_MS = 1_790_400_001_500;

let chats = 0;

/** A chat that no other test uses. */
export function aNewChat(): Chat {
  chats += 1;
  return aChat(`3469900${String(chats).padStart(4, '0')}`);
}

export function anArrival(chat: Chat, over: Record<string, unknown> = {}): Arrival {
  return {
    message: aMessage({ from: chat.contact, ...over }),
    acceptedAtMs: ACCEPTED_AT_MS,
    position: 0,
    correlationId: 'request-1',
  };
}

/** Messages of a chat, one second apart, oldest first. */
export function someArrivals(chat: Chat, count: number): readonly Arrival[] {
  return Array.from({ length: count }, (_, index) =>
    anArrival(chat, { timestamp: String(1_790_400_000 + index) }),
  );
}

export function keyOf(arrival: Arrival): MessageKey {
  return inboundKey(arrival.message);
}

export function aTurnId(draftedAtMs = 1_790_400_010_123, version = 0): TurnId {
  return present(parseTurnId(`${draftedAtMs}.${version}`));
}
