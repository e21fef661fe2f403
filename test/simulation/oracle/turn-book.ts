import type { ChatHead, OpenTurn, PartDelivery } from '#domain/conversation/head.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';
import { tokensIn } from '../people.ts';
import { type BubbleBook, refKey } from './bubble-book.ts';
import { isAnswerable, type MessageBook } from './message-book.ts';
import type { Asked, ModelBook } from './model-book.ts';
import type { Notebook } from './notebook.ts';
import { PerChat } from './per-chat.ts';

/** A draft as it was stored. */
export interface Turn {
  readonly chat: Chat;
  readonly turn: OpenTurn;
  readonly answers: readonly number[];
}

/** A write whose answer was lost may take effect a little later. */
const LONGEST_WRITE_MS = 10_000;
const EVIDENCE_WAIT_MS = 60_000;
const LONGEST_EVIDENCE_WAIT_MS = 15 * 60_000;

/** What a worker knew when it decided to write a head; the write may take effect much later. */
interface Decision {
  readonly readAtMs: number;
  readonly lookedAtMs: number | undefined;
  readonly tries: readonly Asked[];
}

export interface TurnBookOptions {
  readonly notebook: Notebook;
  readonly messages: MessageBook;
  readonly bubbles: BubbleBook;
  readonly model: ModelBook;
}

const NO_DECISION: Decision = { readAtMs: 0, lookedAtMs: undefined, tries: [] };

/** The heads as they are written, each change held to the rules of a turn. */
export class TurnBook {
  readonly turns = new Map<string, Turn>();
  /** Parts that were sent again although nothing allowed it. */
  readonly unlawful = new Set<string>();
  readonly #options: TurnBookOptions;
  readonly #heads = new Map<string, { readonly head: ChatHead; readonly openedAtMs: number }>();
  readonly #own = new PerChat<ChatHead>();
  readonly #readAtMs = new PerChat<number>();
  readonly #lookedAtMs = new PerChat<number>();
  readonly #decisions = new WeakMap<ChatHead, Decision>();
  /** When each try of a part was marked last. */
  readonly #marks = new Map<string, number>();

  constructor(options: TurnBookOptions) {
    this.#options = options;
  }

  head(chat: Chat): ChatHead | undefined {
    return this.#heads.get(chatKey(chat))?.head;
  }

  /** What an environment itself wrote last. */
  own(environment: Environment, chat: Chat): ChatHead | undefined {
    return this.#own.get(environment, chat);
  }

  readCalled(environment: Environment, chat: Chat): void {
    this.#readAtMs.set(environment, chat, this.#options.notebook.now());
    this.#own.delete(environment, chat);
    this.#options.model.turnBegins(environment, chat);
  }

  saveCalled(environment: Environment, chat: Chat, head: ChatHead): void {
    this.#decisions.set(head, {
      readAtMs: this.#readAtMs.get(environment, chat) ?? 0,
      lookedAtMs: this.#lookedAtMs.get(environment, chat),
      tries: this.#options.model.triesOf(environment, chat),
    });
  }

  lookedForProof(environment: Environment, chat: Chat): void {
    this.#lookedAtMs.set(environment, chat, this.#options.notebook.now());
  }

  /** Whether a turn is open that this environment must have seen. */
  sawOpenTurn(environment: Environment, chat: Chat): boolean {
    const stored = this.#heads.get(chatKey(chat));
    const readAtMs = this.#readAtMs.get(environment, chat) ?? 0;
    return stored?.head.openTurn !== undefined && stored.openedAtMs < readAtMs;
  }

  saved(environment: Environment, chat: Chat, given: ChatHead, head: ChatHead): void {
    const decision = this.#decisions.get(given) ?? NO_DECISION;
    const key = chatKey(chat);
    const before = this.#heads.get(key);
    const nowMs = this.#options.notebook.now();
    const turn = head.openTurn;
    const turnBefore = before?.head.openTurn;
    if (turnBefore && turnBefore.id !== turn?.id) this.#checkClosed(chat, turnBefore, turn);
    if (turn && turn.id !== turnBefore?.id) this.#checkDraft(decision, chat, turn);
    if (turn) this.#checkParts(environment, decision, chat, turn, turnBefore);
    const isSame = turn?.id === turnBefore?.id;
    this.#heads.set(key, { head, openedAtMs: isSame ? (before?.openedAtMs ?? nowMs) : nowMs });
    this.#own.set(environment, chat, head);
  }

  #checkClosed(chat: Chat, turn: OpenTurn, next: OpenTurn | undefined): void {
    const { notebook, messages } = this.#options;
    if (next) notebook.note('other', `open turn ${turn.id} was replaced by another`);
    for (const key of turn.answers) {
      const kept = messages.keptIn(chat).get(messages.planned(key)?.id ?? -1);
      if (kept && kept.state !== 'finished') {
        notebook.note('lost', `turn ${turn.id} was closed before message ${kept.planned.id}`);
      }
    }
    const unsettled = turn.parts.find(({ delivery }) => delivery.kind !== 'sent');
    if (unsettled && unsettled.delivery.kind !== 'refused') {
      notebook.note('lost', `turn ${turn.id} was closed with a part that is not settled`);
    }
  }

  #checkDraft({ readAtMs, tries }: Decision, chat: Chat, turn: OpenTurn): void {
    const { notebook, messages, model } = this.#options;
    const answers = turn.answers.map((key) => messages.planned(key)?.id ?? -1);
    this.turns.set(`${chatKey(chat)} ${turn.id}`, { chat, turn, answers });
    for (const { planned, state, storedAtMs } of messages.keptIn(chat).values()) {
      const isOwed = state === 'unfinished' && isAnswerable(planned) && storedAtMs < readAtMs;
      if (isOwed && !answers.includes(planned.id)) {
        notebook.note('out of order', `turn ${turn.id} leaves out message ${planned.id}`);
      }
    }
    const text = turn.parts.map((part) => part.text).join('\n');
    model.drafted(tries, chat, turn, answers, tokensIn(text));
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
