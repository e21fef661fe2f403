import type { ModelClock } from '#local/clock.ts';
import { advance, type Chat, type ChatMessage, type MessageState } from './chat.ts';
import { titleOf } from './graph-error.ts';
import { contactBlock } from './webhook-body.ts';

/** When an accepted message reaches each state, from the moment it was accepted. */
export interface DeliveryPace {
  readonly sentMs: number;
  readonly deliveredMs: number;
  /** Undefined: the customers have read receipts switched off. */
  readonly readMs: number | undefined;
}

export const DEFAULT_PACE: DeliveryPace = { sentMs: 150, deliveredMs: 500, readMs: 1_400 };

export interface DeliveryProgressDeps {
  readonly clock: ModelClock;
  readonly pace: DeliveryPace;
  /** Takes the `value` of a `messages` webhook with one status in it. */
  readonly sendStatus: (chat: Chat, state: MessageState, value: Record<string, unknown>) => void;
}

export interface OutgoingStatus {
  readonly chat: Chat;
  readonly message: ChatMessage;
  readonly callbackData: string | undefined;
}

/** Walks accepted messages through sent, delivered and read, with a status webhook each. */
export class DeliveryProgress {
  readonly #deps: DeliveryProgressDeps;
  readonly #cancels = new Set<() => void>();
  readonly #failures = new Map<Chat, number[]>();

  constructor(deps: DeliveryProgressDeps) {
    this.#deps = deps;
  }

  /** The next message of this chat ends in `failed` with this code, after it was accepted. */
  failNext(chat: Chat, errorCode: number): void {
    this.#failures.set(chat, [...(this.#failures.get(chat) ?? []), errorCode]);
  }

  begin(outgoing: OutgoingStatus): void {
    const { pace, clock } = this.#deps;
    const failure = this.#failures.get(outgoing.chat)?.shift();
    if (failure !== undefined) {
      outgoing.message.errorCode = failure;
      this.#schedule(clock.now() + pace.sentMs, () => this.#reach(outgoing, 'failed'));
      return;
    }
    this.#schedule(clock.now() + pace.sentMs, () => this.#reach(outgoing, 'sent'));
    // Meta reports a reaction as sent and never more.
    if (outgoing.message.type === 'reaction') return;
    this.#schedule(clock.now() + pace.deliveredMs, () => this.#reach(outgoing, 'delivered'));
    if (pace.readMs === undefined) return;
    this.#schedule(clock.now() + pace.readMs, () => this.#reach(outgoing, 'read'));
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #reach(outgoing: OutgoingStatus, state: MessageState): void {
    const { chat, message } = outgoing;
    if (!advance(message, state, this.#deps.clock.now())) return;
    this.#deps.sendStatus(chat, state, {
      ...(state === 'failed' || chat.user.isGroup ? {} : { contacts: [contactBlock(chat.user)] }),
      statuses: [statusElement(outgoing, state, this.#deps.clock.now())],
    });
  }

  #schedule(atMs: number, run: () => void): void {
    const cancel = this.#deps.clock.schedule(atMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}

/** States whose webhook carries `pricing`; Meta gives it with `sent` and one more. */
const PRICED: readonly MessageState[] = ['sent', 'delivered'];

function statusElement(
  { chat, message, callbackData }: OutgoingStatus,
  state: MessageState,
  nowMs: number,
): Record<string, unknown> {
  const { phone, userId, isGroup } = chat.user;
  return {
    id: message.wamid,
    status: state,
    timestamp: String(Math.floor(nowMs / 1_000)),
    ...(isGroup ? { recipient_id: userId, recipient_type: 'group' } : {}),
    ...(phone === undefined ? {} : { recipient_id: phone }),
    // A failed send to a phone carries no user id.
    ...(isGroup || (state === 'failed' && phone !== undefined)
      ? {}
      : { recipient_user_id: userId }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(message.pricing && PRICED.includes(state) ? { pricing: message.pricing } : {}),
    ...(state === 'failed' ? { errors: [failureElement(message.errorCode ?? 131000)] } : {}),
  };
}

function failureElement(code: number): Record<string, unknown> {
  return {
    code,
    title: titleOf(code),
    message: titleOf(code),
    error_data: { details: titleOf(code) },
    href: '/documentation/business-messaging/whatsapp/support/error-codes',
  };
}
