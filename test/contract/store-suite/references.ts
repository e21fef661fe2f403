import type { PartReference } from '#domain/conversation/callback-data.ts';
import { newHead } from '#domain/conversation/head.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat, aTurnId } from './arrivals.ts';

/** A bubble of a chat that no other test uses; its head was written, as before anything is sent. */
export async function aReference({ conversations }: Stores): Promise<PartReference> {
  const chat = aNewChat();
  await conversations.saveHead(chat, newHead());
  return { chat, turnId: aTurnId(), part: 0 };
}
