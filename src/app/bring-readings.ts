import { inboundKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { isSettled } from '#domain/media/reading.ts';
import type { Arrival, ConversationStore } from './ports/conversation-store.ts';

/**
 * Messages that come back to a chat are there already, as they went: what was read of their files meanwhile
 * comes along, so that nobody fetches or pays for it again.
 */
export async function bringReadings(
  chat: Chat,
  arrivals: readonly Arrival[],
  { store }: { readonly store: ConversationStore },
): Promise<void> {
  const read = arrivals.filter(({ reading }) => isSettled(reading));
  if (read.length === 0) return;
  const keys = read.map(({ message }) => inboundKey(message));
  const { messages } = await store.readRecent(chat, { limit: 1, keys });
  for (const { message, reading } of read) {
    const key = inboundKey(message);
    const known = messages.find((each) => each.direction === 'in' && each.key === key);
    const before = known?.direction === 'in' ? known.reading : undefined;
    if (reading && !isSettled(before)) await store.recordReading(chat, key, { reading, before });
  }
}
