import { describe, expect, it } from 'vitest';
import type { ListedChat } from '#app/ports/chat-index.ts';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import { type Chat, parseTenantId, type TenantId } from '#domain/ids.ts';
import { aChat, present } from '#test/support/builders.ts';
import { collect } from '#test/support/collect.ts';
import type { Stores } from '../conversation-store-suite.ts';
import { aNewChat } from './arrivals.ts';

let tenants = 0;

/** A tenant that no other test uses. */
function aNewTenant(): TenantId {
  tenants += 1;
  return present(parseTenantId(`listed-${tenants}`));
}

export function describeChatIndex(stores: () => Stores): void {
  describe('list of a tenant’s chats', () => {
    async function save(chat: Chat, head: Partial<ChatHead>): Promise<ChatHead> {
      const saved = await stores().conversations.saveHead(chat, { ...newHead(), ...head });
      if (saved === 'stale') throw new Error('somebody else wrote this head');
      return saved;
    }

    async function listed(tenant: TenantId): Promise<readonly ListedChat[]> {
      return collect(stores().chats.listChats(tenant));
    }

    it('has the most recent first, and each tenant’s own only', async () => {
      const [tenantId, other] = [aNewTenant(), aNewTenant()];
      const [old, recent, foreign] = [aNewChat(), aNewChat(), aNewChat()];
      await save(old, { tenantId, lastMessageAtMs: 1_000, flag: 'too-old' });
      await save(recent, { tenantId, lastMessageAtMs: 2_000, state: 'human' });
      await save(foreign, { tenantId: other, lastMessageAtMs: 3_000 });
      expect(await listed(tenantId)).toEqual([
        { chat: recent, lastMessageAtMs: 2_000, state: 'human', flag: undefined },
        { chat: old, lastMessageAtMs: 1_000, state: 'assistant', flag: 'too-old' },
      ]);
      expect(await listed(aNewTenant())).toEqual([]);
    });

    it('begins before a given time where that is wanted', async () => {
      const tenantId = aNewTenant();
      const [old, recent] = [aNewChat(), aNewChat()];
      await save(old, { tenantId, lastMessageAtMs: 1_000 });
      await save(recent, { tenantId, lastMessageAtMs: 2_000 });
      const before = await collect(stores().chats.listChats(tenantId, 2_000));
      expect(before.map(({ chat }) => chat)).toEqual([old]);
    });

    it('follows what changes in a chat', async () => {
      const tenantId = aNewTenant();
      const chat = aNewChat();
      const head = await save(chat, { tenantId, lastMessageAtMs: 1_000, flag: 'undeliverable' });
      await save(chat, { ...head, lastMessageAtMs: 9_000, flag: undefined });
      expect(await listed(tenantId)).toEqual([
        { chat, lastMessageAtMs: 9_000, state: 'assistant', flag: undefined },
      ]);
    });

    it('leaves out a chat whose contact has moved on, until the contact is back', async () => {
      const tenantId = aNewTenant();
      const chat = aNewChat();
      const movedTo = aChat('ES.5').contact;
      const moved = await save(chat, { tenantId, lastMessageAtMs: 1_000, movedTo });
      expect(await listed(tenantId)).toEqual([]);
      await save(chat, { ...moved, movedTo: undefined });
      expect(await listed(tenantId)).toHaveLength(1);
    });
  });
}
