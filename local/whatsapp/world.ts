import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '#domain/json.ts';
import type { ModelClock } from '#local/clock.ts';
import type { Business } from './business.ts';
import { type Chat, type MessageState, nameOf } from './chat.ts';
import { Chats } from './chats.ts';
import { DEFAULT_PACE, type DeliveryPace, DeliveryProgress } from './delivery-progress.ts';
import { GraphError } from './graph-error.ts';
import { type InboundRequest, Inbox } from './inbox.ts';
import { MediaStore } from './media-store.ts';
import type { MetaApp } from './meta-app.ts';
import { MetaApps } from './meta-apps.ts';
import { MESSAGING, Numbers } from './numbers.ts';
import { invalid, requireText } from './parameter-checks.ts';
import type { RandomBytes } from './random-bytes.ts';
import { META_SEND_LIMITS, type SendLimits } from './send-limits.ts';
import { Sending } from './sending.ts';
import type { SentCall } from './sent-call.ts';
import { StatusGate } from './status-gate.ts';
import { type Transcript, transcriptOf } from './transcript.ts';
import { messagesWebhook } from './webhook-body.ts';
import { type Deliver, type DeliveryAttempt, WebhookDelivery } from './webhook-delivery.ts';
import type { ChatName, WorldEvent } from './world-event.ts';

export interface WorldDeps {
  readonly businesses: readonly Business[];
  readonly appSecret: string;
  readonly clock: ModelClock;
  readonly deliver: Deliver;
  readonly onEvent?: (event: WorldEvent) => void;
  /** @default the system's source of chance */
  readonly randomBytes?: RandomBytes;
  readonly pace?: DeliveryPace;
  readonly limits?: SendLimits;
}

/** A call of `POST /{phone number id}/messages`. */
export interface SendCall {
  readonly phoneNumberId: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

const TYPING_MS = 25_000;
const READABLE_FOR_MS = 30 * 86_400_000;

/** Meta and the customers' phones: everything outside the concierge's door that a message touches. */
export class WhatsAppWorld {
  readonly numbers: Numbers;
  readonly apps: MetaApps;
  readonly media: MediaStore;
  /** Where status webhooks can be held back. */
  readonly statuses = new StatusGate();
  readonly #deps: WorldDeps;
  readonly #randomBytes: RandomBytes;
  readonly #chats: Chats;
  readonly #sending: Sending;
  readonly #webhooks: WebhookDelivery;
  readonly #progress: DeliveryProgress;
  readonly #inbox: Inbox;
  readonly #sent: SentCall[] = [];

  constructor(deps: WorldDeps) {
    const limits = deps.limits ?? META_SEND_LIMITS;
    this.#deps = deps;
    this.#randomBytes = deps.randomBytes ?? randomBytes;
    this.numbers = new Numbers(deps.businesses, () => deps.clock.now());
    this.apps = new MetaApps({
      secret: deps.appSecret,
      clock: deps.clock,
      randomBytes: this.#randomBytes,
      numbers: this.numbers,
    });
    this.media = new MediaStore(deps.clock, this.#randomBytes);
    this.#chats = new Chats(limits);
    this.#sending = new Sending({
      clock: deps.clock,
      randomBytes: this.#randomBytes,
      chats: this.#chats,
      media: this.media,
      limits,
    });
    this.#webhooks = new WebhookDelivery(deps);
    this.#progress = new DeliveryProgress({
      clock: deps.clock,
      pace: deps.pace ?? DEFAULT_PACE,
      sendStatus: (chat, state, value) => this.#sendStatus(chat, state, value),
    });
    this.#inbox = new Inbox({
      clock: deps.clock,
      randomBytes: this.#randomBytes,
      numbers: this.numbers,
      chats: this.#chats,
      media: this.media,
      emit: (event) => this.#emit(event),
      sendWebhook: (chat, value, report) => this.#sendWebhook(chat, value, report),
    });
  }

  /** The app by which all are served who bring none of their own. */
  get app(): MetaApp {
    return this.apps.shared;
  }

  /** Every call of `POST /messages` in order, refusals among them. */
  get sent(): readonly SentCall[] {
    return this.#sent;
  }

  /**
   * A business sends, or marks a message as read.
   * @returns Meta's answer
   * @throws GraphError as Meta would refuse it; the call is in `sent` either way
   */
  send(call: SendCall): object {
    try {
      const business = this.numbers.authorise(call.phoneNumberId, call.authorization, MESSAGING);
      const body = isObject(call.body) ? call.body : {};
      if (body['messaging_product'] !== 'whatsapp') {
        throw new GraphError(100, {
          message: '(#100) The parameter messaging_product is required.',
        });
      }
      return body['status'] === undefined
        ? this.#sendMessage(business, body, call)
        : this.#markRead(business, body, call);
    } catch (error) {
      if (error instanceof GraphError) this.recordRefusal(call, error);
      throw error;
    }
  }

  /** Writes a refusal into `sent`, also one that was injected before the world saw the call. */
  recordRefusal(call: Pick<SendCall, 'phoneNumberId' | 'body'>, error: GraphError): void {
    this.#record(call, { wamid: null, error: error.toObject(this.#randomBytes) });
    const chat = { phoneNumberId: call.phoneNumberId, contact: recipientIn(call.body) };
    this.#emit({
      kind: 'send',
      chat: chat.contact === '' ? undefined : chat,
      detail: `Graph API refused the send: ${error.code}`,
    });
  }

  /** A customer writes. @returns the message's id @throws InboundError for what no phone could send */
  receive(request: InboundRequest): string {
    return this.#inbox.receive(request);
  }

  /**
   * Looks at a webhook that somebody else posts, before it is handed on: customers unknown so far are
   * met, their window opens now, and the transcript shows their messages. A body with a wrong
   * signature is not looked at, nor what an app signed that does not get the account's webhooks.
   */
  observe(body: Buffer, signature: string | undefined): void {
    const app = this.apps.signerOf(body, signature);
    if (!app) return;
    const isOf = ({ accountId }: Business) => this.apps.subscribedTo(accountId).includes(app);
    this.#inbox.observe(body, isOf);
  }

  /** @returns undefined for an unknown number; an empty transcript for somebody who never wrote */
  transcript(phoneNumberId: string, contact: string): Transcript | undefined {
    const business = this.numbers.find(phoneNumberId);
    if (!business) return undefined;
    const chat = this.#chats.find(business, contact);
    if (chat) return transcriptOf(chat);
    const isPhone = /^\d+$/.test(contact);
    return {
      phone_number_id: phoneNumberId,
      contact: { phone: isPhone ? contact : null, user_id: isPhone ? '' : contact, name: contact },
      window_closes_at: null,
      typing_until: 0,
      messages: [],
    };
  }

  /** All ids of a chat's customer. */
  idsOf({ phoneNumberId, contact }: ChatName): readonly string[] {
    const business = this.numbers.find(phoneNumberId);
    const user = business && this.#chats.find(business, contact)?.user;
    return [user?.phone, user?.userId].filter((id) => id !== undefined);
  }

  /** The transcripts of one number, the latest chat first. */
  transcripts(phoneNumberId: string): readonly Transcript[] {
    const business = this.numbers.find(phoneNumberId);
    const chats = business ? this.#chats.list(business) : [];
    return [...chats]
      .sort((a, b) => (b.messages.at(-1)?.atMs ?? 0) - (a.messages.at(-1)?.atMs ?? 0))
      .map(transcriptOf);
  }

  /** The next message to this customer is accepted and ends in a `failed` status with this code. */
  failNext(phoneNumberId: string, contact: string, errorCode: number): boolean {
    const business = this.numbers.find(phoneNumberId);
    const chat = business && this.#chats.find(business, contact);
    if (chat) this.#progress.failNext(chat, errorCode);
    return chat !== undefined;
  }

  isSubscribed(accountId: string): boolean {
    return this.apps.subscribedTo(accountId).includes(this.app);
  }

  /** Whether webhooks of this account are delivered to the app that all share. */
  subscribe(accountId: string, subscribed: boolean): void {
    this.apps.subscribe(accountId, this.app, subscribed);
  }

  now(): number {
    return this.#deps.clock.now();
  }

  /** Forgets statuses and redeliveries that are due. */
  close(): void {
    this.#progress.close();
    this.#webhooks.close();
  }

  #sendMessage(business: Business, body: JsonObject, call: SendCall): object {
    if (!this.numbers.isRegistered(business.phoneNumberId)) throw new GraphError(133010);
    const { chat, message, outgoing } = this.#sending.accept(business, body);
    this.#record(call, { wamid: message.wamid, error: null });
    this.#emit({ kind: 'send', chat: nameOf(chat), detail: `Sent as ${outgoing.type}` });
    this.#progress.begin({ chat, message, callbackData: outgoing.callbackData });
    const { phone, userId } = chat.user;
    return {
      messaging_product: 'whatsapp',
      contacts: [
        {
          input: outgoing.input,
          ...(outgoing.addressedBy === 'phone' && phone !== undefined
            ? { wa_id: phone }
            : { user_id: userId }),
        },
      ],
      messages: [{ id: message.wamid, message_status: 'accepted' }],
    };
  }

  #markRead(business: Business, body: JsonObject, call: SendCall): object {
    if (body['status'] !== 'read') throw invalid('status must be read.');
    const wamid = requireText(body, 'message_id', { path: 'message_id', max: 512 });
    const typing = objectAt(body, 'typing_indicator');
    if (typing && textAt(typing, 'type') !== 'text') {
      throw invalid('typing_indicator.type must be text.');
    }
    const nowMs = this.#deps.clock.now();
    const chat = this.#inbox.markRead(business, wamid, nowMs - READABLE_FOR_MS);
    if (typing) chat.typingUntilMs = nowMs + TYPING_MS;
    this.#record(call, { wamid: null, error: null });
    const detail = typing ? 'Read, and the typing indicator is on' : 'Read';
    this.#emit({ kind: 'typing', chat: nameOf(chat), detail });
    return { success: true };
  }

  #sendStatus(chat: Chat, state: MessageState, value: Record<string, unknown>): void {
    this.#emit({ kind: 'status', chat: nameOf(chat), detail: `Reply ${state}` });
    this.statuses.pass(() => this.#sendWebhook(chat, value, () => undefined));
  }

  #sendWebhook(
    chat: Chat,
    value: Record<string, unknown>,
    report: (attempt: DeliveryAttempt) => void,
  ): void {
    const what = listAt(value, 'messages').length > 0 ? 'message' : 'status';
    for (const app of this.apps.subscribedTo(chat.business.accountId)) {
      this.#webhooks.send(messagesWebhook(chat.business, value), app, (attempt) => {
        const { status, nextAtMs, tookMs } = attempt;
        const again = nextAtMs === undefined ? '' : ', comes again';
        this.#emit({
          kind: 'webhook',
          chat: nameOf(chat),
          detail: `${what} webhook: ${status ?? 'no answer'} in ${tookMs} ms${again}`,
        });
        report(attempt);
      });
    }
  }

  #record(
    { phoneNumberId, body }: Pick<SendCall, 'phoneNumberId' | 'body'>,
    outcome: Pick<SentCall, 'wamid' | 'error'>,
  ): void {
    this.#sent.push({
      at: this.#deps.clock.now(),
      phone_number_id: phoneNumberId,
      body,
      ...outcome,
    });
  }

  #emit(event: Omit<WorldEvent, 'at'>): void {
    this.#deps.onEvent?.({ at: this.#deps.clock.now(), ...event });
  }
}

function recipientIn(body: unknown): string {
  if (!isObject(body)) return '';
  return (textAt(body, 'to') ?? textAt(body, 'recipient') ?? '').replace(/^\+/, '');
}
