import type { RememberedChat } from '#app/ports/chat-memories.ts';
import type {
  Arrival,
  ArrivalResult,
  MergedDelivery,
  RecordedReading,
} from '#app/ports/conversation-store.ts';
import type { RemainingItem } from '#app/ports/erasable-chats.ts';
import type { Job } from '#app/ports/jobs.ts';
import type { WantedMedium } from '#app/ports/media-source.ts';
import type { OutgoingMessage, ReadReceipt } from '#app/ports/message-sender.ts';
import type { Ring } from '#app/ports/queues.ts';
import type { ModelReply, ModelRequest } from '#app/ports/reply-model.ts';
import type { Reserved, Spender } from '#app/ports/spend-ledger.ts';
import type { Recording } from '#app/ports/transcriber.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { ChatHead, Erasure } from '#domain/conversation/head.ts';
import type { MessageKey, Outcome, StoredOutbound } from '#domain/conversation/message.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { Chat } from '#domain/ids.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { Environment } from '../cloud/environment.ts';
import type { Observer } from '../cloud/fault-plan.ts';
import { currentTokens } from '../peers/simulated-model.ts';
import type { CallFault } from '../plan/fault.ts';
import { BubbleBook } from './bubble-book.ts';
import { GraveBook } from './grave-book.ts';
import { MediaBook } from './media-book.ts';
import { MemoryBook } from './memory-book.ts';
import { type Kept, MessageBook } from './message-book.ts';
import { ModelBook } from './model-book.ts';
import type { Notebook } from './notebook.ts';
import { OrderBook } from './order-book.ts';
import { SendBook } from './send-book.ts';
import { TurnBook } from './turn-book.ts';

/** Arguments as the ports declare them: the observer sees them untyped, as it knows no port. */
type Args = readonly never[];

const MAKES_UNFINISHED = /\.(accept|resume|takeBack|takeUp|requestFollowUp)$/;

/** What the tables had at some time, as far as the oracle knows. */
export interface Snapshot {
  readonly chats: ReadonlyMap<string, Map<number, Kept>>;
  readonly provenAtMs: ReadonlyMap<string, number>;
}

/** Tables as they were at the snapshot serve from `untilMs` on. */
export interface Restored {
  readonly before: Oracle;
  readonly snapshot: Snapshot;
  readonly heads: readonly { readonly chat: Chat; readonly head: ChatHead }[];
  readonly untilMs: number;
}

/** Watches every call of every port, and holds it to what the concierge promises. */
/** Both tell what the head is. */
const READS_HEAD = ['store.readHead', 'memories.readWithHead'];

export class Oracle implements Observer {
  readonly graves: GraveBook;
  readonly messages: MessageBook;
  readonly orders: OrderBook;
  readonly bubbles: BubbleBook;
  readonly model: ModelBook;
  readonly turns: TurnBook;
  readonly sends: SendBook;
  readonly media: MediaBook;
  /** Called when a message has become unfinished. */
  onUnfinished: () => void = () => {};
  readonly #called: Readonly<Record<string, (environment: Environment, ...args: Args) => void>>;
  readonly #effected: Readonly<
    Record<string, (environment: Environment, value: never, ...args: Args) => void>
  >;

  readonly #notebook: Notebook;

  readonly #memories: MemoryBook;

  /** @param restored where the tables were restored: the books go on from what those tables have */
  constructor(notebook: Notebook, restored?: Restored) {
    this.#notebook = notebook;
    const { before, snapshot, heads = [], untilMs = 0 } = restored ?? {};
    const graves = new GraveBook(notebook);
    const messages = new MessageBook(
      notebook,
      graves,
      snapshot && before && { ...snapshot, untilMs, acknowledged: before.messages.acknowledged },
    );
    const bubbles = new BubbleBook(
      notebook,
      snapshot && before && { book: before.bubbles, provenAtMs: snapshot.provenAtMs },
    );
    const model = new ModelBook(notebook, messages);
    const orders = new OrderBook(notebook, bubbles, graves);
    const turns = new TurnBook({
      notebook,
      messages,
      orders,
      bubbles,
      model,
      graves,
      restored: before && { before: before.turns, heads },
    });
    const sends = new SendBook(notebook, turns, orders, before?.sends);
    this.orders = orders;
    this.#memories = new MemoryBook(notebook);
    this.graves = graves;
    this.messages = messages;
    this.bubbles = bubbles;
    this.model = model;
    this.turns = turns;
    this.sends = sends;
    const media = new MediaBook(notebook);
    this.media = media;
    this.#called = {
      'store.saveHead': (environment, chat: Chat, head: ChatHead) =>
        turns.saveCalled(environment, chat, head),
      'graph.send': (environment, message: OutgoingMessage) => sends.called(environment, message),
      'graph.media': (_, wanted: WantedMedium) => media.wanted(wanted),
      'transcriber.transcribe': (_, recording: Recording) => media.toBeHeard(recording),
      'graph.typing': (environment, { wamid }: ReadReceipt) => sends.typed(environment, wamid),
    };
    const accepted =
      (isFirstHand: boolean) =>
      (
        environment: Environment,
        results: readonly ArrivalResult[],
        arrivals: readonly Arrival[],
      ) => {
        messages.accepted(environment, isFirstHand, arrivals, results);
        orders.accepted(arrivals, results);
      };
    this.#effected = {
      'inbox.accept': accepted(true),
      'store.accept': accepted(false),
      'echo-inbox.accept': accepted(false),
      'jobs.send': (_, missing: number, jobs: readonly Job[]) => orders.jobs(missing, jobs),
      // A file that is not to be had for want of a token holds its message up as a refused reply does.
      'graph.media': (_, got: object | undefined, { phoneNumberId }: WantedMedium) => {
        if (got && 'status' in got) sends.refusedFile(phoneNumberId);
      },
      'store.leave': (
        _,
        __: undefined,
        chat: Chat,
        keys: readonly MessageKey[],
        version: number,
      ) => {
        orders.left(chat, keys);
        messages.left(chat, keys, version);
      },
      'store.takeUp': (
        environment,
        __: undefined,
        chat: Chat,
        keys: readonly MessageKey[],
        version: number,
      ) => {
        messages.takenUp(chat, keys, version);
        model.takenUp(environment, chat, keys);
      },
      'store.saveHead': (environment, saved: ChatHead | 'stale', chat: Chat, given: ChatHead) => {
        if (saved === 'stale') return;
        turns.saved(environment, chat, given, saved);
        // An id that was linked to an erased one.
        if (saved.erasure) graves.dug(chat, saved.erasure);
      },
      'store.recordReading': (
        _,
        result: RecordedReading,
        chat: Chat,
        key: MessageKey,
        { reading }: { readonly reading: MediaReading },
      ) => {
        // Who goes on with the message in its new chat knows nothing of what is noted here now.
        if (messages.hasMoved(chat, key)) return;
        media.recorded(result, messages.planned(key), reading);
      },
      'store.erase': (_, __: undefined, chat: Chat, keys: readonly MessageKey[]) =>
        messages.erased(chat, keys),
      'eraser.bury': (_, erasure: Erasure | 'stale', chat: Chat) => {
        if (erasure === 'stale') return;
        graves.dug(chat, erasure);
        turns.buried(chat, erasure);
      },
      'eraser.remove': (_, __: undefined, chat: Chat, items: readonly RemainingItem[]) =>
        messages.erased(
          chat,
          // What is remembered is no message.
          items.filter(({ key }) => key !== undefined).map(({ name }) => name),
        ),
      'bell.ring': (environment, unrung: readonly Ring[], rings: readonly Ring[]) =>
        messages.rang(
          environment,
          rings.filter((ring) => !unrung.includes(ring)),
        ),
      'ledger.reserve': (_, reserved: Reserved, { spread }: Spender) => {
        if (reserved.kind === 'refused') model.refused(spread);
      },
      'memories.forget': (_, __: undefined, chat: Chat, { ids }: { ids: readonly string[] }) =>
        this.#memories.forgot(chat, ids),
      'store.readOutbound': (environment, _: unknown, { chat }: PartReference) =>
        turns.lookedForProof(environment, chat),
      'store.finish': (
        _,
        __: undefined,
        chat: Chat,
        keys: readonly MessageKey[],
        { outcome }: { outcome: Outcome },
      ) => {
        orders.finished(chat, keys);
        messages.finished(chat, keys, outcome);
      },
      'store.park': (_, __: undefined, chat: Chat, keys: readonly MessageKey[]) =>
        messages.parked(chat, keys),
      'store.resume': (_, __: undefined, chat: Chat, keys: readonly MessageKey[]) =>
        messages.resumed(chat, keys),
      'store.moveAway': (
        _,
        __: undefined,
        chat: Chat,
        keys: readonly MessageKey[],
        version: number,
      ) => {
        orders.finished(chat, keys);
        messages.movedAway(chat, keys, version);
      },
      'store.takeBack': (
        _,
        __: undefined,
        chat: Chat,
        keys: readonly MessageKey[],
        version: number,
      ) => messages.takenBack(chat, keys, version),
      'store.recordOutbound': (_, __: undefined, chat: Chat, outbound: StoredOutbound) =>
        bubbles.recorded(chat, outbound),
      'deliveries.mergeDelivery': (_, result: MergedDelivery, status: DeliveryStatus) => {
        const { reference } = status;
        const isOfLostTime = turns.isOfLostTime(reference);
        if (result.kind !== 'gone') bubbles.reported(status);
        else bubbles.dropped(status, graves.of(reference.chat), isOfLostTime);
      },
    };
  }

  /** What the tables have now, for a restore. */
  snapshot(): Snapshot {
    return { chats: this.messages.copy(), provenAtMs: new Map(this.bubbles.provenAtMs) };
  }

  asked(environment: Environment, request: ModelRequest): void {
    const chat = this.model.chatOf(request);
    if (!chat) return;
    for (const { planned, state } of this.messages.keptIn(chat).values()) {
      if (state === 'finished' || !this.messages.isOfLostTime(planned)) continue;
      if (!currentTokens(request).includes(planned.id)) continue;
      this.#notebook.note('other', `the model was asked what was perhaps answered: ${planned.id}`);
    }
    const openSinceMs = this.turns.openSinceMs(chat);
    if (openSinceMs !== undefined && openSinceMs < this.turns.firstReadMs(environment, chat)) {
      this.#notebook.note('other', 'the model was asked although a draft was there');
    }
    for (const { text } of request.conversation) this.orders.checkWords(chat, text, 'the prompt');
    const readAtMs = this.turns.firstReadMs(environment, chat);
    this.graves.asked(chat, request, readAtMs, (id) => this.messages.isAlive(id));
    this.#memories.asked(chat, request, readAtMs);
    const isRecorded = (this.turns.head(chat)?.asked ?? 0) > 0;
    this.model.asked(environment, chat, request, isRecorded);
  }

  answered(
    environment: Environment,
    request: ModelRequest,
    reply: ModelReply,
    means: FailureClass | undefined,
  ): void {
    const chat = this.model.chatOf(request);
    if (chat) this.model.answered(environment, chat, reply, means);
  }

  called(environment: Environment, name: string, args: readonly unknown[]): void {
    if (name === 'store.readRecent') this.turns.looked(environment, args[0] as Chat);
    if (READS_HEAD.includes(name)) this.turns.readCalled(args);
    this.#called[name]?.(environment, ...(args as Args));
  }

  effected(
    environment: Environment,
    name: string,
    args: readonly unknown[],
    value: unknown,
    fault?: CallFault,
  ): void {
    if (name === 'model.reply') this.model.wrote(args[0] as ModelRequest, fault);
    if (name === 'transcriber.transcribe') this.media.heard(args[0] as Recording, fault);
    if (name === 'store.readHead') {
      this.turns.read(environment, args[0] as Chat, value as ChatHead, args);
    } else if (name === 'memories.readWithHead') {
      this.turns.read(environment, args[0] as Chat, (value as RememberedChat).head, args);
    }
    this.#effected[name]?.(environment, value as never, ...(args as Args));
    if (MAKES_UNFINISHED.test(name)) this.onUnfinished();
  }
}
