import type { Business } from './business.ts';
import type { WhatsAppUser } from './contact-book.ts';
import type { Pricing } from './pricing.ts';
import type { PairLimit } from './send-limits.ts';
import type { ChatName } from './world-event.ts';

/** Ticks of a message; `failed` is final. */
export type MessageState = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

export interface ChatMessage {
  readonly wamid: string;
  readonly direction: 'in' | 'out';
  readonly atMs: number;
  readonly type: string;
  /** The element of `messages[]`, or the body of the send. */
  readonly payload: Readonly<Record<string, unknown>>;
  state: MessageState;
  readonly history: { readonly state: MessageState; readonly atMs: number }[];
  errorCode?: number;
  pricing?: Pricing;
}

/** One business number and one customer, as the customer's phone shows it. */
export interface Chat {
  readonly business: Business;
  user: WhatsAppUser;
  messages: ChatMessage[];
  readonly pairLimit: PairLimit;
  /** When the customer last wrote, which opens the window; undefined: never. */
  lastInboundAtMs: number | undefined;
  typingUntilMs: number;
}

const WINDOW_MS = 24 * 3_600_000;

/** When the 24 hours end in which free-form messages may be sent. */
export function windowClosesAtMs(chat: Chat): number | undefined {
  return chat.lastInboundAtMs === undefined ? undefined : chat.lastInboundAtMs + WINDOW_MS;
}

export function nameOf(chat: Chat): ChatName {
  return {
    phoneNumberId: chat.business.phoneNumberId,
    contact: chat.user.phone ?? chat.user.userId,
  };
}

/** Moves a message's ticks forward; states never go back, and a failed message stays failed. */
export function advance(message: ChatMessage, state: MessageState, atMs: number): boolean {
  const ranks: readonly MessageState[] = ['accepted', 'sent', 'delivered', 'read', 'failed'];
  if (ranks.indexOf(state) <= ranks.indexOf(message.state)) return false;
  message.state = state;
  message.history.push({ state, atMs });
  return true;
}

/** Takes over what was said under another record of the same person. */
export function absorb(chat: Chat, other: Chat): void {
  chat.messages = [...chat.messages, ...other.messages].sort((a, b) => a.atMs - b.atMs);
  const latest = Math.max(chat.lastInboundAtMs ?? 0, other.lastInboundAtMs ?? 0);
  chat.lastInboundAtMs = latest === 0 ? undefined : latest;
}
