/**
 * - `answered`: with this HTTP status
 * - `unreachable`: no answer came; the code says why
 */
export type Knock =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly code: string };

/** Our own webhook, as Meta reaches it from outside. */
export interface WebhookDoor {
  /** Posts a body signed with the app secret. Never throws. */
  post(
    body: string,
    sent: { readonly appSecret: string; readonly timeoutMs: number },
  ): Promise<Knock>;
}
