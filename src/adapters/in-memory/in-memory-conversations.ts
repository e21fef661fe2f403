import type { Clock } from '#app/ports/clock.ts';
import type {
  Arrival,
  ArrivalResult,
  ConversationStore,
  DeliveryLog,
  KeptEvent,
  MergedDelivery,
  RecentMessages,
  RecordedReading,
  UnfinishedIndex,
  UnfinishedMessage,
} from '#app/ports/conversation-store.ts';
import type {
  ErasableChats,
  EventRemains,
  RemainingItem,
  Remains,
} from '#app/ports/erasable-chats.ts';
import type { Fate, ParkedMessage, ParkedMessages } from '#app/ports/parked-messages.ts';
import type { PreferenceLog } from '#app/ports/preference-log.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { Choice } from '#domain/conversation/choice.ts';
import { idsOf, isErasedTurn, tombstone } from '#domain/conversation/erasure.ts';
import { type ChatHead, type Erasure, newHead } from '#domain/conversation/head.ts';
import {
  type FollowUp,
  inboundKey,
  type MessageKey,
  outboundKey,
  type Progress,
  type StoredInbound,
  type StoredMessage,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import { type Chat, type ContactId, chatKey, type TenantId } from '#domain/ids.ts';
import { isSettled, type MediaReading } from '#domain/media/reading.ts';
import {
  type DeliveryStatus,
  isArrival,
  isDeliveryRank,
} from '#domain/whatsapp/delivery-status.ts';
import { InMemoryChatMemories } from './in-memory-chat-memories.ts';

interface Rung {
  readonly rings: number;
  readonly rungAtMs: number | undefined;
}

type Unfinished = Pick<UnfinishedMessage, 'acceptedAtMs' | 'correlationId'>;

/** Ranks that prove that a customer has the bubble. */
const DELIVERED = ['delivered', 'read', 'played'];

interface StoredChat {
  readonly chat: Chat;
  head: ChatHead;
  savedAtMs: number | undefined;
  /** While an erasure is under way. */
  erasing: { readonly linked: readonly ContactId[]; readonly tenant: TenantId } | undefined;
  /** What the contact told Meta of marketing. */
  marketing: Choice | undefined;
  readonly messages: Map<MessageKey, StoredMessage>;
  readonly rung: Map<MessageKey, Rung>;
  readonly statuses: Map<MessageKey, DeliveryStatus[]>;
  readonly priced: Set<MessageKey>;
  /** Bubbles whose delivery failed, each once: since when, and by which webhook. */
  readonly followUps: Map<MessageKey, Unfinished>;
  /** Under which version of the head a message was taken back last. */
  readonly takenBack: Map<MessageKey, number>;
  /** Likewise, was taken up again. */
  readonly takenUp: Map<MessageKey, number>;
}

/** The conversations table as the ports promise it, in a process's memory: for tests and the simulation. */
export class InMemoryConversations
  implements
    ConversationStore,
    DeliveryLog,
    PreferenceLog,
    UnfinishedIndex,
    ParkedMessages,
    ErasableChats
{
  readonly #clock: Clock;
  readonly #chats = new Map<string, StoredChat>();
  readonly events: KeptEvent[] = [];
  /** What the chats remember, beside their heads. */
  readonly memories = new InMemoryChatMemories((chat) => this.#of(chat).head);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A table of its own, as this one is now. */
  copy(): InMemoryConversations {
    const copy = new InMemoryConversations(this.#clock);
    for (const [key, chat] of this.#chats) copy.#chats.set(key, structuredClone(chat));
    copy.events.push(...this.events);
    copy.memories.take(this.memories);
    return copy;
  }

  async accept(arrivals: readonly Arrival[]): Promise<readonly ArrivalResult[]> {
    return arrivals.map((arrival) => this.#acceptOne(arrival));
  }

  #acceptOne({ message, acceptedAtMs, position, correlationId, reading }: Arrival): ArrivalResult {
    const { messages } = this.#of(message.chat);
    const key = inboundKey(message);
    if (messages.has(key)) return 'duplicate';
    messages.set(key, {
      direction: 'in',
      key,
      message,
      acceptedAtMs,
      waitingSinceMs: acceptedAtMs,
      position,
      correlationId,
      progress: { kind: 'unfinished' },
      reading,
    });
    return 'accepted';
  }

  async readHead(chat: Chat): Promise<ChatHead> {
    return this.#of(chat).head;
  }

  async readRecent(
    chat: Chat,
    { limit, keys }: { readonly limit: number; readonly keys: readonly MessageKey[] },
  ): Promise<RecentMessages> {
    const { messages } = this.#of(chat);
    const newestFirst = [...messages.values()].sort((one, other) => (one.key < other.key ? 1 : -1));
    const beyond = newestFirst.slice(limit);
    const gap = beyond.findIndex((each) => !isUnfinished(each));
    const contiguous = gap === -1 ? beyond : beyond.slice(0, gap);
    const named = keys.map((key) => messages.get(key)).filter((each) => each !== undefined);
    const wanted = new Map(
      [...newestFirst.slice(0, limit), ...contiguous, ...named].map((each) => [each.key, each]),
    );
    const sorted = [...wanted.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    return { messages: sorted, unreadable: [], newer: [] };
  }

  async saveHead(chat: Chat, head: ChatHead): Promise<ChatHead | 'stale'> {
    const stored = this.#of(chat);
    if (stored.head.version !== head.version) return 'stale';
    stored.head = { ...head, version: head.version + 1 };
    stored.savedAtMs = this.#clock.now();
    stored.erasing = undefined;
    return stored.head;
  }

  async recordReading(
    chat: Chat,
    key: MessageKey,
    { reading, before }: Parameters<ConversationStore['recordReading']>[2],
  ): Promise<RecordedReading> {
    const { messages } = this.#of(chat);
    const stored = messages.get(key);
    if (stored?.direction !== 'in') return 'gone';
    const isAsBefore = triesOf(stored.reading) === triesOf(before) && !isSettled(stored.reading);
    if (!isAsBefore) return 'stale';
    messages.set(key, { ...stored, reading });
    return 'recorded';
  }

  async finish(
    chat: Chat,
    keys: readonly MessageKey[],
    result: Omit<Extract<Progress, { kind: 'finished' }>, 'kind'>,
  ): Promise<void> {
    this.#progress(chat, keys, { kind: 'finished', ...result });
  }

  async park(chat: Chat, keys: readonly MessageKey[], parking: Parking): Promise<void> {
    this.#progress(chat, keys, { kind: 'parked', parking });
  }

  async resume(chat: Chat, keys: readonly MessageKey[]): Promise<void> {
    const { messages, rung } = this.#of(chat);
    for (const key of keys) {
      const stored = messages.get(key);
      if (stored?.direction !== 'in' || stored.progress.kind !== 'parked') continue;
      const waitingSinceMs = this.#clock.now();
      messages.set(key, { ...stored, waitingSinceMs, progress: { kind: 'unfinished' } });
      rung.delete(key);
    }
  }

  async moveAway(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const { takenBack } = this.#of(chat);
    const going = keys.filter((key) => (takenBack.get(key) ?? 0) <= version);
    this.#progress(chat, going, { kind: 'finished', outcome: 'moved', turnId: undefined });
  }

  async takeBack(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const { messages, rung, takenBack } = this.#of(chat);
    for (const key of keys) {
      const stored = messages.get(key);
      if (stored?.direction !== 'in') continue;
      const isMoved = stored.progress.kind === 'finished' && stored.progress.outcome === 'moved';
      if (stored.progress.kind === 'finished' && !isMoved) continue;
      takenBack.set(key, version);
      if (!isMoved) continue;
      messages.set(key, { ...stored, progress: { kind: 'unfinished' } });
      rung.delete(key);
    }
  }

  async leave(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const { takenUp } = this.#of(chat);
    const going = keys.filter((key) => (takenUp.get(key) ?? 0) <= version);
    this.#progress(chat, going, { kind: 'finished', outcome: 'handed-over', turnId: undefined });
  }

  async takeUp(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const { messages, rung, takenUp } = this.#of(chat);
    for (const [nth, key] of keys.entries()) {
      const stored = messages.get(key);
      if (stored?.direction !== 'in') continue;
      const { progress } = stored;
      const isLeft = progress.kind === 'finished' && progress.outcome === 'handed-over';
      if (progress.kind === 'finished' && !isLeft) continue;
      takenUp.set(key, version);
      if (!isLeft) continue;
      const acceptedAtMs = this.#clock.now() + nth;
      const waiting = { acceptedAtMs, waitingSinceMs: acceptedAtMs };
      messages.set(key, { ...stored, ...waiting, progress: { kind: 'unfinished' } });
      rung.delete(key);
    }
  }

  #progress(chat: Chat, keys: readonly MessageKey[], progress: Progress): void {
    const { messages } = this.#of(chat);
    for (const key of keys) {
      const stored = messages.get(key);
      if (stored?.direction !== 'in' || stored.progress.kind === 'finished') continue;
      messages.set(key, { ...stored, progress });
    }
  }

  async recordOutbound(chat: Chat, outbound: StoredOutbound): Promise<void> {
    const { messages } = this.#of(chat);
    const before = messages.get(outbound.key);
    const known = before?.direction === 'out' ? before : undefined;
    messages.set(outbound.key, {
      ...outbound,
      wamid: known?.wamid ?? outbound.wamid,
      followUp: known?.followUp,
    });
  }

  async settleFollowUp(chat: Chat, key: MessageKey): Promise<void> {
    const { messages, rung } = this.#of(chat);
    const stored = messages.get(key);
    if (stored?.direction === 'out') messages.set(key, { ...stored, followUp: undefined });
    rung.delete(key);
  }

  async readOutbound({ chat, turnId, part }: PartReference): Promise<StoredOutbound | undefined> {
    const stored = this.#of(chat).messages.get(outboundKey(turnId, part));
    return stored?.direction === 'out' ? stored : undefined;
  }

  async mergeDelivery(status: DeliveryStatus): Promise<MergedDelivery> {
    const { chat, turnId, part } = status.reference;
    const { head, messages, statuses, priced } = this.#of(chat);
    const key = outboundKey(turnId, part);
    const before = messages.get(key);
    const isGone = head.version === 0 || isErasedTurn(turnId, head.erasure);
    if (before === undefined && isGone) return { kind: 'gone' };
    const known = before?.direction === 'out' ? before : undefined;
    messages.set(key, {
      direction: 'out',
      key,
      turnId,
      part,
      text: known?.text ?? '',
      wamid: known?.wamid ?? status.wamid,
      refusedCode: known?.refusedCode,
      followUp: known?.followUp,
      sends: known?.sends ?? 1,
      copies: known?.copies ?? 1,
    });
    const merged = statuses.get(key) ?? [];
    const isFirst = !merged.some((each) => each.status === status.status);
    const isFirstArrival =
      isArrival(status.status) && !merged.some((each) => isArrival(each.status));
    if (isFirst) merged.push(status);
    statuses.set(key, merged);
    const isFirstPrice = status.pricing !== undefined && !priced.has(key);
    if (isFirstPrice) priced.add(key);
    const isRank = isDeliveryRank(status.status);
    return { kind: 'merged', isFirstPrice, isFirst: isFirst && isRank, isFirstArrival };
  }

  async requestFollowUp(
    { reference: { chat, turnId, part } }: DeliveryStatus,
    followUp: FollowUp,
    { nowMs, correlationId }: { readonly nowMs: number; readonly correlationId: string },
  ): Promise<boolean> {
    const { messages, statuses, followUps } = this.#of(chat);
    const key = outboundKey(turnId, part);
    const stored = messages.get(key);
    const known = (statuses.get(key) ?? []).map(({ status }) => status);
    const isDelivered = known.some((status) => DELIVERED.includes(status));
    if (stored?.direction !== 'out' || followUps.has(key) || isDelivered) return false;
    followUps.set(key, { acceptedAtMs: nowMs, correlationId });
    messages.set(key, { ...stored, followUp });
    return true;
  }

  async recordPreference(chat: Chat, choice: Choice): Promise<boolean> {
    const stored = this.#of(chat);
    const { head, marketing } = stored;
    if (choice.atMs <= Math.max(head.erasure?.atMs ?? -1, marketing?.atMs ?? -1)) return false;
    stored.marketing = choice;
    return true;
  }

  async keepEvent(event: KeptEvent): Promise<void> {
    this.events.push(event);
  }

  async listUnfinished({
    acceptedBeforeMs,
    limit,
  }: {
    readonly acceptedBeforeMs: number;
    readonly limit: number;
  }): Promise<readonly UnfinishedMessage[]> {
    return [...this.#chats.values()]
      .flatMap((stored) =>
        [...stored.messages.values()].flatMap((message) => {
          const since = unfinishedSince(stored, message);
          const rung = stored.rung.get(message.key) ?? { rings: 0, rungAtMs: undefined };
          return since ? [{ chat: stored.chat, key: message.key, ...since, ...rung }] : [];
        }),
      )
      .filter(({ acceptedAtMs }) => acceptedAtMs < acceptedBeforeMs)
      .sort((one, other) => one.acceptedAtMs - other.acceptedAtMs)
      .slice(0, limit);
  }

  async countRing({ chat, key, rings }: UnfinishedMessage, nowMs: number): Promise<void> {
    const stored = this.#of(chat);
    const message = stored.messages.get(key);
    if (message && unfinishedSince(stored, message))
      stored.rung.set(key, { rings: rings + 1, rungAtMs: nowMs });
  }

  async listParked(): Promise<readonly ParkedMessage[]> {
    return [...this.#chats.values()]
      .flatMap(({ chat, messages }) =>
        [...messages.values()].flatMap((stored) => {
          if (stored.direction !== 'in' || stored.progress.kind !== 'parked') return [];
          const { key, acceptedAtMs, correlationId, progress } = stored;
          return [{ chat, key, acceptedAtMs, correlationId, parking: progress.parking }];
        }),
      )
      .sort((one, other) => one.acceptedAtMs - other.acceptedAtMs);
  }

  async readFate(chat: Chat, key: MessageKey): Promise<Fate> {
    const stored = this.#of(chat).messages.get(key);
    if (stored?.direction === 'out') return stored.followUp ? 'unfinished' : 'gone';
    if (!stored) return 'gone';
    return stored.progress.kind === 'finished' ? stored.progress.outcome : stored.progress.kind;
  }

  async readMessage(chat: Chat, key: MessageKey): Promise<StoredInbound | undefined> {
    const stored = this.#of(chat).messages.get(key);
    return stored?.direction === 'in' ? stored : undefined;
  }

  async erase(chat: Chat, keys: readonly MessageKey[]): Promise<void> {
    const { messages, rung, statuses, followUps, takenBack, takenUp } = this.#of(chat);
    for (const key of keys) {
      for (const kept of [messages, rung, statuses, followUps, takenBack, takenUp])
        kept.delete(key);
    }
  }

  async look(chat: Chat): Promise<Remains> {
    const { head, savedAtMs, erasing, messages, marketing } = this.#of(chat);
    const stored = [...messages.values()];
    const told = stored.flatMap((each) => (each.direction === 'in' ? idsOf(each.message) : []));
    const former = [head.phone, head.formerly].filter((id) => id !== undefined);
    return {
      lookedAtMs: this.#clock.now(),
      version: head.version,
      tenantId: head.tenantId ?? erasing?.tenant,
      erasure: head.erasure,
      savedAtMs,
      hasOpenTurn:
        head.openTurn !== undefined &&
        (head.openTurn.kind !== 'reply' || head.openTurn.answers.length === 0),
      movedTo: head.movedTo,
      former: [...new Set(former)],
      named: [...new Set(told)],
      erasing: erasing?.linked ?? [],
      items: [
        ...stored.map(remaining),
        ...this.memories.remainsOf(chat),
        ...(marketing ? [REMAINING_PREFERENCE] : []),
      ],
    };
  }

  async bury(
    chat: Chat,
    { version, atMs, ...erasing }: Parameters<ErasableChats['bury']>[1],
  ): Promise<Erasure | 'stale'> {
    const grave = tombstone(version, atMs);
    if ((await this.saveHead(chat, grave)) === 'stale') return 'stale';
    this.#of(chat).erasing = erasing;
    return grave.erasure;
  }

  async complete(chat: Chat): Promise<void> {
    this.#of(chat).erasing = undefined;
  }

  remove(chat: Chat, items: readonly RemainingItem[]): Promise<void> {
    if (items.includes(REMAINING_PREFERENCE)) this.#of(chat).marketing = undefined;
    this.memories.remove(
      chat,
      items.map(({ name }) => name),
    );
    return this.erase(
      chat,
      items.map(({ name }) => name),
    );
  }

  async removeEvents(
    accountId: string | undefined,
    isConcerned: (event: EventRemains) => boolean,
  ): Promise<number> {
    const kept = this.events.filter(
      (event) => event.accountId !== accountId || !isConcerned(event),
    );
    const removed = this.events.length - kept.length;
    this.events.splice(0, this.events.length, ...kept);
    return removed;
  }

  /** What the contact told Meta of marketing. */
  preferenceOf(chat: Chat): Choice | undefined {
    return this.#of(chat).marketing;
  }

  /** Everything of a chat, oldest first: for assertions. */
  transcript(chat: Chat): readonly StoredMessage[] {
    return [...this.#of(chat).messages.values()].sort((one, other) =>
      one.key < other.key ? -1 : 1,
    );
  }

  /** All that have a head, in no order. */
  chats(): readonly { readonly chat: Chat; readonly head: ChatHead }[] {
    return [...this.#chats.values()].filter(({ head }) => head.version > 0);
  }

  /** What was told of a bubble, each status once. */
  statusesOf(chat: Chat, key: MessageKey): readonly DeliveryStatus[] {
    return this.#of(chat).statuses.get(key) ?? [];
  }

  #of(chat: Chat): StoredChat {
    const key = chatKey(chat);
    const known = this.#chats.get(key);
    if (known) return known;
    const created: StoredChat = {
      chat,
      head: newHead(),
      savedAtMs: undefined,
      erasing: undefined,
      marketing: undefined,
      messages: new Map(),
      rung: new Map(),
      statuses: new Map(),
      priced: new Set<MessageKey>(),
      followUps: new Map(),
      takenBack: new Map(),
      takenUp: new Map(),
    };
    this.#chats.set(key, created);
    return created;
  }
}

const REMAINING_PREFERENCE: RemainingItem = {
  name: 'PREF',
  key: undefined,
  kind: 'other',
  isUnfinished: false,
};

function remaining(stored: StoredMessage): RemainingItem {
  const { key } = stored;
  const kind = stored.direction === 'in' ? 'message' : 'bubble';
  return { name: key, key, kind, isUnfinished: isUnfinished(stored) };
}

function isUnfinished(stored: StoredMessage): stored is StoredInbound {
  return stored.direction === 'in' && stored.progress.kind === 'unfinished';
}

/** Undefined for what the sparse index does not have. */
function unfinishedSince(
  { followUps }: StoredChat,
  message: StoredMessage,
): Unfinished | undefined {
  if (message.direction === 'out') {
    return message.followUp === undefined ? undefined : followUps.get(message.key);
  }
  if (!isUnfinished(message)) return undefined;
  const { acceptedAtMs, correlationId } = message;
  return { acceptedAtMs, correlationId };
}

function triesOf(reading: MediaReading | undefined): number {
  return reading?.kind === 'begun' ? reading.tries : 0;
}
