import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';

/** Keep in mind what was said: sent after a turn, worked off later, skipped when a newer one has come. */
interface MemoryJob {
  readonly kind: 'memory';
  readonly chat: Chat;
  /** Of the head as the turn left it. */
  readonly headVersion: number;
  readonly correlationId: string;
}

/** Tell the business what happened in a chat. */
interface NoticeJob {
  readonly kind: 'notice';
  readonly notice: BusinessNotice;
}

/** Work that no customer waits for. Names chats and messages, and carries no word of them. */
export type Job = MemoryJob | NoticeJob;

export type NoticeKind = 'chat.taken' | 'chat.released' | 'message.kept' | 'hand-over.requested';

/** What a business is told; the texts are read by whoever delivers it. */
export interface BusinessNotice {
  /** The same however often it is sent: the receiver knows a repeated one by it. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly chat: Chat;
  readonly kind: NoticeKind;
  readonly atMs: number;
  readonly messageKeys: readonly MessageKey[];
  /** A word of ours, never a customer's. */
  readonly reason?: string | undefined;
  readonly correlationId: string;
}

export interface JobsQueue {
  /**
   * @param delaySeconds none of them is received sooner; SQS delays by 900 at most
   * @returns how many the queue did not take, after brief retries
   */
  send(jobs: readonly Job[], delaySeconds?: number): Promise<number>;
}
