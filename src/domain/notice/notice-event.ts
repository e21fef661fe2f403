import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import { type KeptMessage, type SaidMessage, saidMessages } from './said-message.ts';

/** What a business's own server is sent: the payload of Standard Webhooks. */
export interface NoticeEvent {
  readonly type: string;
  /** When it happened, in ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly tenant: TenantId;
    readonly chat: {
      readonly number: string;
      readonly contact: string;
      readonly state: ChatHead['state'];
    };
    readonly reason: string | null;
    readonly explanation: string | null;
    readonly summary: string | null;
    readonly messages: readonly SaidMessage[];
  };
}

export interface NoticeFacts {
  readonly kind: string;
  readonly atMs: number;
  readonly tenantId: TenantId;
  readonly chat: Chat;
  readonly state: ChatHead['state'];
  /** A word of ours. */
  readonly reason: string | undefined;
  /** Why, in the words of who asked. */
  readonly explanation: string | undefined;
  /** What the model tells whoever takes over. */
  readonly summary: string | undefined;
  readonly messages: readonly KeptMessage[];
}

export function noticeEvent(facts: NoticeFacts): NoticeEvent {
  const { kind, atMs, tenantId, chat, state, reason, explanation, summary, messages } = facts;
  const { phoneNumberId: number, contact } = chat;
  return {
    type: kind,
    timestamp: new Date(atMs).toISOString(),
    data: {
      tenant: tenantId,
      chat: { number, contact, state },
      reason: reason ?? null,
      explanation: explanation ?? null,
      summary: summary ?? null,
      messages: saidMessages(messages),
    },
  };
}
