/** What a business can be told of its chats, by the words of its events. */
export const NOTICE_KINDS = [
  'chat.taken',
  'chat.released',
  'message.kept',
  'hand-over.requested',
] as const;

type NoticeKind = (typeof NOTICE_KINDS)[number];

/** How a business is told what happens in its chats. */
export interface NoticesSettings {
  /** The business's own server; undefined = nothing is sent to one. */
  readonly webhook: NoticesWebhook | undefined;
}

export interface NoticesWebhook {
  /** `https:`, of a public host. */
  readonly url: string;
  readonly events: readonly NoticeKind[];
}

export const NO_NOTICES: NoticesSettings = { webhook: undefined };

const LONGEST_URL = 2_048;

/**
 * Whether it can be the address of a business's server: reached by TLS, and without a password in it. Of
 * this machine, to which only the local stack sends, also without TLS.
 */
export function isWebhookUrl(text: string): boolean {
  const url = text.length <= LONGEST_URL ? URL.parse(text) : null;
  if (!url) return false;
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1');
}
