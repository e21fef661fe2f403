import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type ChatList, listChats } from '#app/list-chats.ts';
import type { ListedChat } from '#app/ports/chat-index.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { ageInWords, counted, tableOf } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';

interface ListOptions extends TargetOptions {
  readonly tenant: string;
  readonly flagged?: boolean;
  readonly state?: ChatHead['state'];
  readonly limit: number;
}

/** `concierge chat list`. */
export async function listChatsCommand(
  options: ListOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const tenant = readTenantId(options.tenant);
  const application = await connect(target);
  try {
    const { flagged: isFlagged = false, state, limit } = options;
    const list = await listChats({ tenant, isFlagged, state, limit }, application.chats);
    // A tenant that was removed still has chats; one that never was has none.
    if (list.chats.length === 0) await findTenant(tenant, application.register, target);
    const nowMs = application.clock.now();
    terminal.out(
      options.json
        ? `${JSON.stringify({ tenant, chats: list.chats.map(viewOf), hasMore: list.hasMore })}\n`
        : listInWords(list, nowMs),
    );
  } finally {
    application.close();
  }
}

function viewOf({ chat, state, flag, lastMessageAtMs }: ListedChat) {
  return {
    contact: chat.contact,
    phoneNumberId: chat.phoneNumberId,
    chat: pseudonyms.ofChat(chat),
    lastMessageAt: new Date(lastMessageAtMs).toISOString(),
    state,
    flag: flag ?? null,
  };
}

function listInWords({ chats, hasMore }: ChatList, nowMs: number): string {
  if (chats.length === 0) return 'There is no such chat.\n';
  const rows = chats.map((each) => {
    const { contact, phoneNumberId, chat, state, flag } = viewOf(each);
    const ageSeconds = Math.max(0, Math.round((nowMs - each.lastMessageAtMs) / 1000));
    return [ageInWords(ageSeconds), state, flag ?? '-', phoneNumberId, contact, chat];
  });
  const head = ['LAST MESSAGE', 'STATE', 'FLAG', 'NUMBER', 'CONTACT', 'CHAT'];
  const more = hasMore ? ', and more: see them with --limit' : '';
  return `${tableOf([head, ...rows])}\n${counted(chats.length, 'chat')}${more}.\n`;
}
