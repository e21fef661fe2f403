import type { Bubble } from '#domain/conversation/bubble.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { Recipient } from '#domain/conversation/head.ts';
import type { Failure } from '#domain/failure.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';

/** One bubble on its way to a customer. */
export interface OutgoingMessage extends Bubble {
  readonly tenantId: TenantId;
  readonly recipient: Recipient;
  /** Travels as `biz_opaque_callback_data`, so that a status can prove the send. */
  readonly reference: PartReference;
  readonly timeoutMs: number;
}

/**
 * - `sent`: accepted, with its id; `toNobody`: only for the sake of what comes after a send
 * - `refused`: certainly not sent
 * - `ambiguous`: perhaps sent (a timeout, a reset, an error after processing may have begun)
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly wamid: string; readonly toNobody?: true }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'ambiguous'; readonly code: string };

export interface ReadReceipt {
  readonly tenantId: TenantId;
  readonly phoneNumberId: PhoneNumberId;
  /** The newest message; earlier ones of the chat are marked too. */
  readonly wamid: string;
  readonly timeoutMs: number;
}

/** The way to a customer's phone. */
export interface MessageSender {
  send(message: OutgoingMessage): Promise<SendResult>;
  /** Marks as read and shows the typing indicator. A courtesy: never throws. @returns whether it worked */
  showTyping(receipt: ReadReceipt): Promise<boolean>;
}
