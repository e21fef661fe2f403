import type { Failure } from '#domain/failure.ts';
import type { TenantId } from '#domain/ids.ts';
import type { BusinessNotice, NoticeKind } from './jobs.ts';

/** A notice on its way to a business's own server. */
export interface OutgoingWebhook {
  readonly url: string;
  /** The same however often it is sent. */
  readonly id: string;
  /** The body as it is signed. */
  readonly body: string;
  /** One signature each: two while a secret is rotated. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
}

/**
 * - `delivered`: the server has it
 * - `refused`: it may come again; the receiver knows it by its id
 */
export type WebhookResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly failure: Failure };

/** The way to a business's own server. */
export interface WebhookSender {
  /** Signs and posts it; never throws. Nothing goes to an address that is not public. */
  send(webhook: OutgoingWebhook): Promise<WebhookResult>;
}

/** What is announced to whoever listens at the stage's topic: no word, number or name of a customer. */
export interface Announcement {
  readonly id: string;
  readonly tenantId: TenantId;
  /** The chat's pseudonym, as `concierge chat list` shows it. */
  readonly chat: string;
  readonly kind: NoticeKind;
  readonly atMs: number;
  readonly reason: string | undefined;
}

/** Where the operator's and businesses' people can subscribe. */
export interface NoticeTopic {
  publish(announcement: Announcement): Promise<void>;
}

/** Why a notice is no longer tried. */
export interface NoticeParking {
  /**
   * - `tries-used-up`: the server did not take it in all that time
   * - `gone`: it says that it wants no more of them (410)
   * - `configuration`: address or signing secret are not fit for use
   */
  readonly reason: 'tries-used-up' | 'gone' | 'configuration';
  /** Stable word such as `webhook:http-503`; no free text. */
  readonly code: string;
  readonly attempts: number;
}

/** Where notices lie that nobody took, until the operator sends them on their way again. */
export interface ParkedNotices {
  /** Perhaps twice, where a process dies. @throws where it was not taken */
  park(notice: BusinessNotice, parking: NoticeParking): Promise<void>;
}
