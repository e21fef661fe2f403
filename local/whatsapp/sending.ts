import { isObject, type JsonObject, textAt } from '#domain/json.ts';
import type { ModelClock } from '#local/clock.ts';
import type { Business, MessageTemplate } from './business.ts';
import { type Chat, type ChatMessage, windowClosesAtMs } from './chat.ts';
import type { Chats } from './chats.ts';
import { GraphError } from './graph-error.ts';
import { phoneDigits } from './inbound-element.ts';
import { MEDIA_TYPES } from './media-rules.ts';
import type { MediaStore } from './media-store.ts';
import { type OutgoingMessage, readOutgoing } from './message-rules.ts';
import { invalid } from './parameter-checks.ts';
import { PriceList } from './pricing.ts';
import type { RandomBytes } from './random-bytes.ts';
import { type SendLimits, Throughput } from './send-limits.ts';
import { makeWamid } from './wamid.ts';

export interface SendingDeps {
  readonly clock: ModelClock;
  readonly randomBytes: RandomBytes;
  readonly chats: Chats;
  readonly media: MediaStore;
  readonly limits: SendLimits;
}

export interface AcceptedSend {
  readonly chat: Chat;
  readonly message: ChatMessage;
  readonly outgoing: OutgoingMessage;
}

/** Decides whether a business may send what it asks to send, and puts it into the chat. */
export class Sending {
  readonly #deps: SendingDeps;
  readonly #throughput = new Map<string, Throughput>();
  readonly #prices = new Map<string, PriceList>();

  constructor(deps: SendingDeps) {
    this.#deps = deps;
  }

  /** @throws GraphError as Meta would refuse it; nothing has taken effect then */
  accept(business: Business, body: JsonObject): AcceptedSend {
    const outgoing = readOutgoing(body);
    const template = templateOf(business, outgoing);
    this.#checkReferences(business, outgoing);
    const chat = this.#chatFor(business, outgoing, template !== undefined);
    const nowMs = this.#deps.clock.now();
    const windowOpen = nowMs < (windowClosesAtMs(chat) ?? 0);
    if (!windowOpen && !template) throw new GraphError(131047);
    if (!this.#throughputOf(business).take(nowMs)) throw new GraphError(130429);
    if (!chat.pairLimit.take(nowMs)) throw new GraphError(131056);
    const toGroup = chat.user.isGroup;
    const message: ChatMessage = {
      wamid: makeWamid('out', chat.user.phone ?? chat.user.userId, this.#deps.randomBytes),
      direction: 'out',
      atMs: nowMs,
      type: outgoing.type,
      payload: body,
      state: 'accepted',
      history: [{ state: 'accepted', atMs: nowMs }],
      pricing: this.#pricesOf(business).price({ atMs: nowMs, template, windowOpen, toGroup }),
    };
    chat.messages.push(message);
    if (outgoing.type !== 'reaction') chat.typingUntilMs = 0;
    return { chat, message, outgoing };
  }

  #chatFor(business: Business, outgoing: OutgoingMessage, mayBeNew: boolean): Chat {
    const { chats } = this.#deps;
    if (outgoing.addressedBy !== 'phone') {
      const known = chats.find(business, outgoing.input);
      if (!known) throw new GraphError(131026);
      return known;
    }
    const phone = phoneDigits(outgoing.input);
    if (phone === undefined) throw invalid('to is not a phone number.');
    if (phone === business.displayPhoneNumber) throw new GraphError(131021);
    const known = chats.find(business, phone);
    if (!known && !mayBeNew) throw new GraphError(131047);
    return known ?? chats.open(business, { phone });
  }

  #checkReferences(business: Business, { type, content }: OutgoingMessage): void {
    if (!isObject(content) || !MEDIA_TYPES.includes(type)) return;
    const id = textAt(content, 'id');
    if (id !== undefined) this.#deps.media.get(id, [business.phoneNumberId]);
  }

  #throughputOf({ phoneNumberId }: Business): Throughput {
    const known = this.#throughput.get(phoneNumberId);
    if (known) return known;
    const created = new Throughput(this.#deps.limits.perSecond);
    this.#throughput.set(phoneNumberId, created);
    return created;
  }

  #pricesOf({ phoneNumberId }: Business): PriceList {
    const known = this.#prices.get(phoneNumberId);
    if (known) return known;
    const created = new PriceList();
    this.#prices.set(phoneNumberId, created);
    return created;
  }
}

function templateOf(
  business: Business,
  { type, content }: OutgoingMessage,
): MessageTemplate | undefined {
  if (type !== 'template' || !isObject(content)) return undefined;
  const language = content['language'];
  const code = isObject(language) ? textAt(language, 'code') : undefined;
  const template = business.templates?.find(
    (each) => each.name === content['name'] && each.language === code,
  );
  if (!template) {
    throw new GraphError(132001, {
      details: 'template name does not exist in the translation or is not approved.',
    });
  }
  return template;
}
