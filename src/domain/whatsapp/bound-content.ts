import type { PhoneNumberId } from '#domain/ids.ts';
import type { WebhookContent, WebhookEvent } from './webhook.ts';

/** What somebody may speak of who is not trusted for every number. */
export interface Binding {
  hasNumber(phoneNumberId: PhoneNumberId): boolean;
  hasAccount(accountId: string): boolean;
}

export interface BoundContent {
  readonly content: WebhookContent;
  /** How many pieces are of numbers and accounts that are not bound. */
  readonly refused: { readonly messages: number; readonly events: number };
}

export function numbersIn({ messages, events }: WebhookContent): readonly PhoneNumberId[] {
  const named = [
    ...messages.map(({ chat }) => chat.phoneNumberId),
    ...events.map(({ phoneNumberId }) => phoneNumberId),
  ];
  return [...new Set(named)].filter((id) => id !== undefined);
}

/**
 * The part of a webhook that its sender may speak of. A piece with a number is judged by that number,
 * one without by its account; the account of a piece with a number is only believed where it is bound too.
 */
export function boundContent({ messages, events }: WebhookContent, binding: Binding): BoundContent {
  const ours = messages.filter(({ chat }) => binding.hasNumber(chat.phoneNumberId));
  const told = events.filter((event) => isBound(event, binding));
  return {
    content: { messages: ours, events: told.map((event) => withBoundAccount(event, binding)) },
    refused: { messages: messages.length - ours.length, events: events.length - told.length },
  };
}

function isBound({ phoneNumberId, accountId }: WebhookEvent, binding: Binding): boolean {
  if (phoneNumberId !== undefined) return binding.hasNumber(phoneNumberId);
  return accountId !== undefined && binding.hasAccount(accountId);
}

/** Kept events lie by account: whoever names another's would write among that one's. */
function withBoundAccount(event: WebhookEvent, binding: Binding): WebhookEvent {
  const { accountId } = event;
  const isKnown = accountId !== undefined && binding.hasAccount(accountId);
  return isKnown ? event : { ...event, accountId: undefined };
}
