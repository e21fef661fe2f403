import type { PartReference } from '#domain/conversation/callback-data.ts';
import {
  type ChatHead,
  type Erasure,
  newHead,
  type OpenTurn,
  type PartDelivery,
} from '#domain/conversation/head.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';
import { tokensIn } from '../people.ts';
import { type BubbleBook, refKey } from './bubble-book.ts';
import type { GraveBook } from './grave-book.ts';
import { isAnswerable, type MessageBook } from './message-book.ts';
import type { Basis, ModelBook } from './model-book.ts';
import type { Notebook } from './notebook.ts';
import type { OrderBook } from './order-book.ts';
import { workName } from './per-chat.ts';

/** A draft as it was stored. */
export interface Turn {
  readonly chat: Chat;
  readonly turn: OpenTurn;
  readonly answers: readonly number[];
}

/** A write whose answer was lost may take effect a little later. */
const LONGEST_WRITE_MS = 10_000;
const EVIDENCE_WAIT_MS = 60_000;
/** Calls to the model whose end was not seen; after so many it is not asked again. */
const MOST_LOST_CALLS = 2;
const LONGEST_EVIDENCE_WAIT_MS = 15 * 60_000;

/** What a worker knew when it decided to write a head; the write may take effect much later. */
interface Decision {
  readonly work: string;
  readonly readAtMs: number;
  readonly lookedAtMs: number | undefined;
  readonly basis: Basis;
}

export interface TurnBookOptions {
  readonly notebook: Notebook;
  readonly messages: MessageBook;
  readonly orders: OrderBook;
  readonly bubbles: BubbleBook;
  readonly model: ModelBook;
  readonly graves: GraveBook;
  /** What restored tables have, and what was said by then. */
  readonly restored?:
    | {
        readonly before: TurnBook;
        readonly heads: readonly { readonly chat: Chat; readonly head: ChatHead }[];
      }
    | undefined;
}

const NO_DECISION: Decision = {
  work: '',
  readAtMs: 0,
  lookedAtMs: undefined,
  basis: { tries: [], isHopeless: false },
};

/** The heads as they are written, each change held to the rules of a turn. */
export class TurnBook {
  readonly turns: Map<string, Turn>;
  /** Parts that were sent again although nothing allowed it. */
  readonly unlawful: Set<string>;
  /** Why a turn was not delivered to its end. */
  readonly refusals: Map<string, string>;
  /** Those of these tables; of `turns` some may be of before a restore. */
  readonly #drafted = new Set<string>();
  readonly #options: TurnBookOptions;
  readonly #heads = new Map<string, { readonly head: ChatHead; readonly openedAtMs: number }>();
  readonly #own = new Map<string, ChatHead>();
  /** When a version of a head was first asked for, by each work. */
  readonly #readAtMs = new Map<string, number>();
  readonly #firstReadMs = new Map<string, number>();
  readonly #calledAtMs = new WeakMap<object, number>();
  readonly #lookedAtMs = new Map<string, number>();
  /** When this invocation last began to read what lies in a chat. */
  readonly #recentAtMs = new Map<string, number>();
  readonly #decisions = new WeakMap<ChatHead, Decision>();
  /** When each try of a part was marked last. */
  readonly #marks = new Map<string, number>();

  constructor(options: TurnBookOptions) {
    this.#options = options;
    const { before, heads = [] } = options.restored ?? {};
    this.turns = before?.turns ?? new Map();
    this.unlawful = before?.unlawful ?? new Set();
    this.refusals = before?.refusals ?? new Map();
    const openedAtMs = options.notebook.now();
    for (const { chat, head } of heads) this.#heads.set(chatKey(chat), { head, openedAtMs });
  }

  /** Whether a turn was lost, or found open, when the tables were restored. */
  isOfLostTime({ chat, turnId }: Pick<PartReference, 'chat' | 'turnId'>): boolean {
    return this.#options.restored !== undefined && !this.#drafted.has(`${chatKey(chat)} ${turnId}`);
  }

  head(chat: Chat): ChatHead | undefined {
    return this.#heads.get(chatKey(chat))?.head;
  }

  /** What an environment itself wrote last. */
  own(environment: Environment, chat: Chat): ChatHead | undefined {
    return this.#own.get(workName(environment, chat));
  }

  /** @param call the call's arguments, by which its end is known */
  readCalled(call: object): void {
    this.#calledAtMs.set(call, this.#options.notebook.now());
  }

  read(environment: Environment, chat: Chat, { version }: ChatHead, call: object): void {
    const name = `${workName(environment, chat)} ${version}`;
    const calledAtMs = this.#calledAtMs.get(call) ?? 0;
    if (!this.#readAtMs.has(name)) this.#readAtMs.set(name, calledAtMs);
    const work = workName(environment, chat);
    if (!this.#firstReadMs.has(work)) this.#firstReadMs.set(work, calledAtMs);
  }

  saveCalled(environment: Environment, chat: Chat, head: ChatHead): void {
    const { model } = this.#options;
    const work = workName(environment, chat);
    const isLostTooOften = (this.head(chat)?.asked ?? 0) >= MOST_LOST_CALLS;
    this.#decisions.set(head, {
      work,
      readAtMs: this.#readAtMs.get(`${work} ${head.version}`) ?? 0,
      lookedAtMs: this.#lookedAtMs.get(work),
      basis: {
        tries: model.triesOf(work),
        isHopeless: isLostTooOften || model.isUnusable(environment),
      },
    });
  }

  looked(environment: Environment, chat: Chat): void {
    this.#recentAtMs.set(workName(environment, chat), this.#options.notebook.now());
  }

  lookedForProof(environment: Environment, chat: Chat): void {
    this.#lookedAtMs.set(workName(environment, chat), this.#options.notebook.now());
  }

  /** When this invocation first looked into a chat. */
  firstReadMs(environment: Environment, chat: Chat): number {
    return this.#firstReadMs.get(workName(environment, chat)) ?? 0;
  }

  /** Whether a turn is open that whoever reads the chat now must see. */
  openSinceMs(chat: Chat): number | undefined {
    const stored = this.#heads.get(chatKey(chat));
    const turn = stored?.head.openTurn;
    return turn && !this.#isAtItsEnd(chat, turn) ? stored.openedAtMs : undefined;
  }

  saved(environment: Environment, chat: Chat, given: ChatHead, head: ChatHead): void {
    const decision = this.#decisions.get(given) ?? NO_DECISION;
    const key = chatKey(chat);
    const before = this.#heads.get(key);
    const nowMs = this.#options.notebook.now();
    const turn = head.openTurn;
    const turnBefore = before?.head.openTurn;
    if (turnBefore && turnBefore.id !== turn?.id) this.#checkClosed(chat, turnBefore, turn);
    if (turn && turn.id !== turnBefore?.id) {
      this.#checkPersons(decision, chat, turn, before?.head);
      const isPersons = turn.kind === 'person' || turn.repeats?.author === 'person';
      if (
        !isPersons &&
        head.replies?.kind === 'stopped' &&
        before?.head.replies?.kind === 'stopped'
      ) {
        this.#options.notebook.note('other', 'the assistant speaks to who has opted out');
      }
      this.#checkDraft(decision, chat, turn);
      if (turn.repeats) this.#options.bubbles.repeated(chat, turn.repeats.key);
    }
    if (turn) this.#checkParts(environment, decision, chat, turn, turnBefore);
    const isSame = turn?.id === turnBefore?.id;
    this.#heads.set(key, { head, openedAtMs: isSame ? (before?.openedAtMs ?? nowMs) : nowMs });
    this.#own.set(decision.work, head);
    const readAtMs = decision.readAtMs;
    this.#readAtMs.set(`${decision.work} ${head.version}`, readAtMs);
    // The tries of the next one may have begun before the one that is at its end is taken out.
    const isOnlyTakenOut = !turn && turnBefore && this.#isAtItsEnd(chat, turnBefore);
    if (!isSame && !isOnlyTakenOut) this.#options.model.turnBegins(decision.work);
  }

  /** The operator has erased the chat: whatever turn was open is nobody's any more. */
  buried(chat: Chat, erasure: Erasure): void {
    const head = { ...newHead(), version: erasure.version, erasure };
    this.#heads.set(chatKey(chat), { head, openedAtMs: this.#options.notebook.now() });
  }

  /** Where a person has the chat, is awaited or has spoken up, the assistant says nothing. */
  #checkPersons(
    { work, readAtMs }: Decision,
    chat: Chat,
    turn: OpenTurn,
    before: ChatHead | undefined,
  ): void {
    const { notebook, orders } = this.#options;
    if (turn.kind === 'person') {
      orders.drafted(chat, turn, readAtMs);
      return;
    }
    if (turn.repeats?.author === 'person') return;
    const isRepeat = turn.kind === 'repeat';
    if (before?.state === 'human' || (before?.state === 'waiting' && !isRepeat)) {
      notebook.note('other', 'the assistant speaks where a person has the chat');
    }
    const lookedAtMs = this.#recentAtMs.get(work) ?? 0;
    if (
      !isRepeat &&
      !this.#options.messages.hasPoison(chat) &&
      orders.isAwaited(chat, before, lookedAtMs)
    ) {
      notebook.note('other', 'the assistant speaks although somebody of the business does');
    }
  }

  #checkClosed(chat: Chat, turn: OpenTurn, next: OpenTurn | undefined): void {
    const { notebook, messages } = this.#options;
    if (next && !this.#isAtItsEnd(chat, turn)) {
      notebook.note('other', `open turn ${turn.id} was replaced by another`);
    }
    if (!next && this.#mayBeDropped(chat, turn)) return;
    for (const key of turn.answers) {
      const kept = messages.keptIn(chat).get(messages.planned(key)?.id ?? -1);
      if (kept && kept.state !== 'finished') {
        notebook.note('lost', `turn ${turn.id} was closed before message ${kept.planned.id}`);
      }
    }
    const unsettled = turn.parts.findIndex(({ delivery }) => delivery.kind !== 'sent');
    if (unsettled >= 0 && !this.#isSettled(chat, turn, unsettled)) {
      notebook.note('lost', `turn ${turn.id} was closed with a part that is not settled`);
    }
  }

  /**
   * Nothing of it was ever on its way, and its contact has said STOP since, or somebody of the business
   * speaks up: its messages wait again.
   */
  #mayBeDropped(chat: Chat, turn: OpenTurn): boolean {
    const kept = [...this.#options.messages.keptIn(chat).values()];
    const saysStop = kept.some(
      ({ planned, state }) => planned.type === 'stop' && state !== 'finished',
    );
    const mayGo = saysStop || this.#options.orders.isAwaited(chat, this.head(chat));
    return mayGo && turn.parts.every(({ delivery }) => isUntried(delivery));
  }

  /** A reply whose messages are finished is closed by whatever writes the head next. */
  #isAtItsEnd(chat: Chat, { kind, answers }: OpenTurn): boolean {
    const { messages } = this.#options;
    const kept = messages.keptIn(chat);
    return (
      kind === 'reply' &&
      answers.every((key) => {
        const answered = kept.get(messages.planned(key)?.id ?? -1);
        return answered === undefined || answered.state === 'finished';
      })
    );
  }

  /** Refused, or the last part, whose own record says that it was sent. */
  #isSettled(chat: Chat, turn: OpenTurn, part: number): boolean {
    const delivery = turn.parts[part]?.delivery;
    if (delivery?.kind === 'refused') return true;
    // Where it waits for a resend, who was to send it before has come back and done so.
    const isTried = delivery !== undefined && !isUntried(delivery);
    const isLast = part === turn.parts.length - 1;
    const reference = { chat, turnId: turn.id, part };
    return isTried && isLast && this.#options.bubbles.isProven(reference);
  }

  #checkDraft({ readAtMs, basis }: Decision, chat: Chat, turn: OpenTurn): void {
    const { notebook, messages, model, graves } = this.#options;
    const answers = turn.answers.map((key) => messages.planned(key)?.id ?? -1);
    this.turns.set(`${chatKey(chat)} ${turn.id}`, { chat, turn, answers });
    this.#drafted.add(`${chatKey(chat)} ${turn.id}`);
    for (const key of turn.answers) {
      const planned = messages.planned(key);
      if (!planned || !messages.isOfLostTime(planned)) continue;
      notebook.note('duplicated', `message ${planned.id} of before the restore is answered again`);
    }
    for (const kept of messages.keptIn(chat).values()) {
      const { planned, state, storedAtMs } = kept;
      const isOwed =
        state === 'unfinished' &&
        isAnswerable(planned) &&
        storedAtMs < readAtMs &&
        !graves.covers(chat, kept.key);
      if (turn.kind !== 'reply' || !isOwed || answers.includes(planned.id)) continue;
      if (messages.isNarrow(chat) || messages.isOfLostTime(planned)) continue;
      // Where one of them is poison each is worked alone: what is newer comes later.
      const isLater = turn.answers.every((key) => messages.isBefore(chat, key, kept));
      if (messages.hasPoison(chat) && (isLater || planned.type === 'poison')) continue;
      notebook.note('out of order', `turn ${turn.id} leaves out message ${planned.id}`);
    }
    const text = turn.parts.map((part) => part.text).join('\n');
    model.drafted(basis, chat, turn, answers, tokensIn(text));
  }

  #checkParts(
    environment: Environment,
    decision: Decision,
    chat: Chat,
    turn: OpenTurn,
    before: OpenTurn | undefined,
  ): void {
    for (const [part, { delivery }] of turn.parts.entries()) {
      const earlier = before?.id === turn.id ? before.parts[part]?.delivery : undefined;
      const reference = { chat, turnId: turn.id, part };
      const key = refKey(reference);
      if (earlier?.kind === 'sent' && delivery.kind !== 'sent') {
        this.#options.notebook.note('other', `part ${part} of ${turn.id} is no longer sent`);
      }
      if (delivery.kind === 'sent' && earlier?.kind !== 'sent') {
        if (!this.#options.bubbles.has(reference, delivery.wamid)) {
          this.#options.notebook.note('lost', `part ${part} of ${turn.id} was never sent`);
        }
      }
      if (delivery.kind === 'refused') {
        this.refusals.set(`${chatKey(chat)} ${turn.id}`, delivery.code);
      }
      if (delivery.kind !== 'sending' || isSameMark(delivery, earlier)) continue;
      if (delivery.resends > 0) this.#checkResend(decision, key, delivery.resends);
      this.#checkMark(environment, delivery.sinceMs);
      this.#marks.set(`${key} ${delivery.resends}`, delivery.sinceMs - environment.skewMs);
    }
  }

  /** The wait for evidence counts from the mark, so the mark must have the time of the write. */
  #checkMark(environment: Environment, sinceMs: number): void {
    const ageMs = environment.now() - sinceMs;
    const isFresh = ageMs >= 0 && (ageMs < LONGEST_WRITE_MS || environment.frozenUntilMs > 0);
    if (!isFresh) this.#options.notebook.note('other', 'a part has a mark of another time');
  }

  /** A resend is lawful after the wait, when no proof was in the table at the last look. */
  #checkResend({ readAtMs, lookedAtMs = 0 }: Decision, key: string, attempt: number): void {
    const { notebook, bubbles } = this.#options;
    const markedAtMs = this.#marks.get(`${key} ${attempt - 1}`) ?? Number.NEGATIVE_INFINITY;
    const waitMs = Math.min(EVIDENCE_WAIT_MS * 2 ** (attempt - 1), LONGEST_EVIDENCE_WAIT_MS);
    if (notebook.now() - markedAtMs < waitMs - notebook.skewMs) {
      this.unlawful.add(key);
      notebook.note('other', `a part was marked for a resend after too short a wait`);
    }
    const lookMs = lookedAtMs >= readAtMs ? lookedAtMs : notebook.now();
    if ((bubbles.provenAtMs.get(key) ?? Number.POSITIVE_INFINITY) < lookMs) {
      this.unlawful.add(key);
      notebook.note('other', 'a part was marked for a resend although a status had proved it');
    }
  }
}

function isSameMark(delivery: PartDelivery, earlier: PartDelivery | undefined): boolean {
  return (
    delivery.kind === 'sending' &&
    earlier?.kind === 'sending' &&
    delivery.resends === earlier.resends &&
    delivery.sinceMs === earlier.sinceMs
  );
}

function isUntried(delivery: PartDelivery): boolean {
  return delivery.kind === 'waiting' && delivery.resends === undefined;
}
