import { type ContactId, parseContactId, type TurnId } from '#domain/ids.ts';
import { objectAt, textAt } from '#domain/json.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { type ChatHead, type Erasure, newHead } from './head.ts';
import { keyTimeMs, type MessageKey } from './message.ts';

/** What stays of an erased chat, to be saved over the given version of its head. */
export function tombstone(version: number, atMs: number): ChatHead & { readonly erasure: Erasure } {
  return { ...newHead(), version, erasure: { atMs, version: version + 1 } };
}

/**
 * Whether an item of the chat belongs to what was erased. A message without a readable time cannot be
 * told from a new one, and is answered rather than lost. What has a time of the future has a version.
 */
export function isErased(key: MessageKey, erasure: Erasure | undefined): boolean {
  if (!erasure) return false;
  const version = /^\d+#(?:turn-(\d+)\.\d+|command\.idle-(\d+))$/.exec(key)?.slice(1).find(Boolean);
  if (version !== undefined) return Number(version) < erasure.version;
  const sentAtMs = keyTimeMs(key);
  return sentAtMs > 0 && sentAtMs <= erasure.atMs;
}

export function isErasedTurn(turnId: TurnId, erasure: Erasure | undefined): boolean {
  return erasure !== undefined && Number(turnId.split('.')[1]) < erasure.version;
}

/**
 * Whether what is remembered of a chat was made of what is erased: whoever made it read a head of before.
 * `madeOn` is undefined for what is not remembered.
 */
export function isErasedMemory(madeOn: number | undefined, erasure: Erasure | undefined): boolean {
  return madeOn !== undefined && erasure !== undefined && madeOn <= erasure.version;
}

/**
 * Under which other ids the sender of a message is known, as far as it tells: both of its own, and those
 * of a notice that they change. A group is nobody's, and its members' own chats are not the group's.
 */
export function idsOf({
  chat,
  raw,
  userId,
  waId,
}: Pick<InboundMessage, 'chat' | 'raw' | 'userId' | 'waId'>): readonly ContactId[] {
  if (raw['group_id'] !== undefined) return [];
  const system = objectAt(raw, 'system') ?? {};
  const told = ['previous_user_id', 'user_id', 'wa_id', 'new_wa_id'].map((name) =>
    parseContactId(textAt(system, name)),
  );
  const ids = [userId, waId, ...told].filter((id) => id !== undefined && id !== chat.contact);
  return [...new Set(ids.filter((id) => id !== undefined))];
}
