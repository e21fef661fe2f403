import type { Arrival, ArrivalResult } from '#app/ports/conversation-store.ts';
import type { Ring } from '#app/ports/queues.ts';
import { isErased } from '#domain/conversation/erasure.ts';
import type { MessageKey, Outcome } from '#domain/conversation/message.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';
import { timestampOf, wamidOf } from '../peers/meta-bodies.ts';
import type { PlannedMessage } from '../plan/schedule.ts';
import type { GraveBook } from './grave-book.ts';
import type { Notebook } from './notebook.ts';

/** A message in one chat's inbox, as the oracle saw it go in. */
export interface Kept {
  readonly planned: PlannedMessage;
  readonly key: MessageKey;
  acceptedAtMs: number;
  readonly position: number;
  /** Or taken back, where the contact has come back. */
  storedAtMs: number;
  state: 'unfinished' | 'finished' | 'parked';
  outcome: Outcome | undefined;
  settledAtMs: number;
  /** It waited for the operator, who comes when they come. */
  wasParked: boolean;
  /** The version of the head under which it came back last. */
  takenBack: number;
  takenUp: number;
}

/** An ingest that takes longer than this is dead. */
const LONGEST_INGEST_MS = 15_000;

export function isAnswerable({ type }: PlannedMessage): boolean {
  return type !== 'reaction' && type !== 'unsupported' && type !== 'changed-number';
}

/** What restored tables have, and the 200s that were given by then. */
export interface RestoredMessages {
  readonly untilMs: number;
  readonly chats: ReadonlyMap<string, Map<number, Kept>>;
  readonly acknowledged: ReadonlyMap<number, number>;
}

/** Every message: what was promised with a 200, and where it lies. */
export class MessageBook {
  /** When the first 200 was given for it. */
  readonly acknowledged = new Map<number, number>();
  readonly chats = new Map<string, Map<number, Kept>>();
  readonly #rung = new Set<number>();
  /** Messages that were deleted as erased, in some chat. */
  readonly erasedIds = new Set<number>();
  readonly #notebook: Notebook;
  readonly #graves: GraveBook;
  readonly #untilMs: number | undefined;
  readonly #byWamid: ReadonlyMap<string, PlannedMessage>;

  /** @param restored what restored tables have of it, and when they began to serve */
  constructor(notebook: Notebook, graves: GraveBook, restored?: RestoredMessages) {
    this.#notebook = notebook;
    this.#graves = graves;
    const { messages } = notebook.schedule;
    this.#untilMs = restored?.untilMs;
    for (const [chat, kept] of restored?.chats ?? []) {
      this.chats.set(chat, kept);
      // What the tables lost is owed no longer, unless it is delivered again.
      for (const id of kept.keys()) {
        const atMs = restored?.acknowledged.get(id);
        if (atMs !== undefined) this.acknowledged.set(id, atMs);
      }
    }
    this.#byWamid = new Map(messages.map((message) => [wamidOf(message), message]));
  }

  /** The messages as they lie in the table now. */
  copy(): Map<string, Map<number, Kept>> {
    return structuredClone(this.chats);
  }

  /** Written before restored tables began to serve, by Meta's clock: perhaps it was answered. */
  isOfLostTime({ writtenAtMs }: PlannedMessage): boolean {
    return Number(timestampOf(writtenAtMs)) * 1000 < (this.#untilMs ?? 0);
  }

  planned(key: MessageKey): PlannedMessage | undefined {
    return this.#byWamid.get(key.slice(key.indexOf('#') + 1));
  }

  keptIn(chat: Chat): ReadonlyMap<number, Kept> {
    return this.chats.get(chatKey(chat)) ?? new Map();
  }

  /** Whether it has left this chat for another of its contact's. */
  hasMoved(chat: Chat, key: MessageKey): boolean {
    return this.keptIn(chat).get(this.planned(key)?.id ?? -1)?.outcome === 'moved';
  }

  /** Whether the customer writes something that our code fails on. */
  hasPoison(chat: Chat): boolean {
    const { people, schedule } = this.#notebook;
    const index = people.ofChat(chat)?.index;
    return schedule.messages.some(({ customer, type }) => customer === index && type === 'poison');
  }

  /** Whether some of what the customer writes may be beyond the limits. */
  isNarrow(chat: Chat): boolean {
    const { people, schedule } = this.#notebook;
    const business = people.ofChat(chat)?.business;
    return schedule.operations.some((each) => each.kind === 'limits' && each.business === business);
  }

  isBefore(chat: Chat, key: MessageKey, other: Kept): boolean {
    const kept = this.keptIn(chat).get(this.planned(key)?.id ?? -1);
    return kept !== undefined && compareKept(kept, other) < 0;
  }

  /** A 200 is honest when each message lies in its inbox and its bell has rung. */
  acknowledge(ids: readonly number[]): void {
    for (const id of ids) {
      if (!this.#rung.has(id)) {
        this.#notebook.note('lost', `a 200 was given for message ${id}, whose bell has not rung`);
      }
      if (!this.acknowledged.has(id)) this.acknowledged.set(id, this.#notebook.now());
    }
  }

  rang({ id }: Environment, rings: readonly Ring[]): void {
    for (const { messageKey, number } of rings) {
      const planned = this.planned(messageKey);
      if (planned) this.#rung.add(planned.id);
      if (id.startsWith('sweeper') && number < 1) {
        this.#notebook.note('other', 'the sweeper rang with the number of the first ring');
      }
    }
  }

  accepted(
    environment: Environment,
    isFirstHand: boolean,
    arrivals: readonly Arrival[],
    results: readonly ArrivalResult[],
  ): void {
    for (const [index, arrival] of arrivals.entries()) {
      if (isFirstHand) this.#checkArrival(environment, arrival, index);
      if (results[index] === 'accepted') this.#keep(arrival);
    }
  }

  #keep({ message, acceptedAtMs, position }: Arrival): void {
    const planned = this.#byWamid.get(message.wamid);
    if (!planned) return;
    const key = chatKey(message.chat);
    const chat = this.chats.get(key) ?? new Map<number, Kept>();
    this.chats.set(key, chat);
    if (chat.has(planned.id)) {
      this.#notebook.note('duplicated', `message ${planned.id} was stored again as a new one`);
    }
    chat.set(planned.id, {
      planned,
      key: `${String(message.sentAtMs).padStart(13, '0')}#${message.wamid}`,
      acceptedAtMs,
      position,
      storedAtMs: this.#notebook.now(),
      state: 'unfinished',
      outcome: undefined,
      settledAtMs: 0,
      wasParked: false,
      takenBack: 0,
      takenUp: 0,
    });
  }

  #checkArrival(environment: Environment, arrival: Arrival, index: number): void {
    const planned = this.#byWamid.get(arrival.message.wamid);
    if (!planned) return;
    const ageMs = environment.now() - arrival.acceptedAtMs;
    if (ageMs < 0 || (ageMs > LONGEST_INGEST_MS && environment.frozenUntilMs === 0)) {
      this.#notebook.note('other', `message ${planned.id} has a wrong time of acceptance`);
    }
    if (arrival.position !== index) {
      this.#notebook.note('out of order', `message ${planned.id} has a wrong position`);
    }
    if (arrival.message.sentAtMs !== Number(timestampOf(planned.writtenAtMs)) * 1000) {
      this.#notebook.note('out of order', `message ${planned.id} has not the time of Meta`);
    }
  }

  finished(chat: Chat, keys: readonly MessageKey[], outcome: Outcome): void {
    for (const kept of this.#of(chat, keys)) {
      if (kept.state === 'finished') continue;
      kept.state = 'finished';
      kept.outcome = outcome;
      kept.settledAtMs = this.#notebook.now();
    }
  }

  parked(chat: Chat, keys: readonly MessageKey[]): void {
    for (const kept of this.#of(chat, keys)) {
      if (kept.state === 'finished') continue;
      kept.state = 'parked';
      kept.wasParked = true;
      kept.settledAtMs = this.#notebook.now();
    }
  }

  /** Parked ones that are tried again. */
  resumed(chat: Chat, keys: readonly MessageKey[]): void {
    for (const kept of this.#of(chat, keys)) {
      if (kept.state === 'parked') kept.state = 'unfinished';
    }
  }

  movedAway(chat: Chat, keys: readonly MessageKey[], version: number): void {
    const going = this.#of(chat, keys).filter(({ takenBack }) => takenBack <= version);
    this.finished(
      chat,
      going.map(({ key }) => key),
      'moved',
    );
  }

  /** Moved ones that have come back are unfinished again. */
  takenBack(chat: Chat, keys: readonly MessageKey[], version: number): void {
    for (const kept of this.#of(chat, keys)) {
      const isMoved = kept.outcome === 'moved';
      if (kept.state === 'finished' && !isMoved) continue;
      kept.takenBack = version;
      if (!isMoved) continue;
      kept.storedAtMs = this.#notebook.now();
      kept.state = 'unfinished';
      kept.outcome = undefined;
    }
  }

  /** To a person, but for what was taken up since. */
  left(chat: Chat, keys: readonly MessageKey[], version: number): void {
    const going = this.#of(chat, keys).filter(({ takenUp }) => takenUp <= version);
    this.finished(
      chat,
      going.map(({ key }) => key),
      'handed-over',
    );
  }

  /** Left to a person, who gave the chat back: nobody has answered them. */
  takenUp(chat: Chat, keys: readonly MessageKey[], version: number): void {
    for (const kept of this.#of(chat, keys)) {
      const isLeft = kept.outcome === 'handed-over';
      if (kept.state === 'finished' && !isLeft) continue;
      kept.takenUp = version;
      if (!isLeft) continue;
      kept.storedAtMs = this.#notebook.now();
      kept.acceptedAtMs = kept.storedAtMs + keys.indexOf(kept.key);
      kept.state = 'unfinished';
      kept.outcome = undefined;
    }
  }

  /** Whether it lies in some chat that it was not erased in. */
  isAlive(id: number): boolean {
    return [...this.chats].some(([chat, messages]) => {
      const kept = messages.get(id);
      return kept !== undefined && !isErased(kept.key, this.#graves.ofKey(chat));
    });
  }

  /** Deleted for good: only what was erased may be. */
  erased(chat: Chat, keys: readonly MessageKey[]): void {
    for (const key of keys) {
      if (!this.#graves.covers(chat, key)) {
        this.#notebook.note('lost', 'something was deleted that nobody had erased');
      }
      const id = this.planned(key)?.id;
      if (id === undefined) continue;
      this.erasedIds.add(id);
      this.chats.get(chatKey(chat))?.delete(id);
    }
  }

  #of(chat: Chat, keys: readonly MessageKey[]): readonly Kept[] {
    const kept = this.keptIn(chat);
    return keys
      .map((key) => kept.get(this.planned(key)?.id ?? -1))
      .filter((each) => each !== undefined);
  }
}

/** The order in which a chat's messages are answered: Meta's second, then acceptance, then position. */
export function compareKept(one: Kept, other: Kept): number {
  const second = ({ planned }: Kept) => Number(timestampOf(planned.writtenAtMs));
  return (
    second(one) - second(other) ||
    one.acceptedAtMs - other.acceptedAtMs ||
    one.position - other.position
  );
}
