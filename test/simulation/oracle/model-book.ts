import type { ModelReply, ModelRequest } from '#app/ports/reply-model.ts';
import { bubbleInWords } from '#domain/conversation/choices-in-words.ts';
import type { OpenTurn } from '#domain/conversation/head.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { FailureClass } from '#domain/failure.ts';
import { type Chat, chatKey } from '#domain/ids.ts';
import { builtInText } from '#domain/tenant/built-in-texts.ts';
import type { Environment } from '../cloud/environment.ts';
import { titlesFor } from '../peers/reply-extras.ts';
import { currentTokens } from '../peers/simulated-model.ts';
import {
  BUSINESSES,
  fallbackOf,
  limitTextOf,
  personTextOf,
  type Token,
  tokensIn,
} from '../people.ts';
import type { CallFault } from '../plan/fault.ts';
import { SETTINGS } from '../settings.ts';
import { compareKept, type Kept, type MessageBook } from './message-book.ts';
import type { Notebook } from './notebook.ts';
import { workName } from './per-chat.ts';

/** Within one try of a turn: the first draft and two more because the customer wrote on. */
const MOST_CALLS_OF_A_TRY = 3;
/** Wherever a process dies, a reply costs no more. */
const MOST_PAID = 3;
/** After that long a circuit has let somebody try. */
const LONGEST_PAUSE_MS = 90_000;

/** One call within a try of a turn. */
export interface Asked {
  /** How many messages stood after our last reply. */
  readonly shown: number;
  readonly ids: readonly number[];
  /** The first of what stood there: perhaps a message whose answer nobody has seen. */
  readonly first: number;
  readonly result: 'text' | FailureClass | undefined;
}

/** What a draft is made on. */
export interface Basis {
  readonly tries: readonly Asked[];
  /** The model needs the operator, or its calls were lost as often as they may be. */
  readonly isHopeless: boolean;
}

/** What the model was asked, and what was made of its answers. */
export class ModelBook {
  /** How many texts were paid for that a message had a part in. */
  readonly paid = new Map<string, number>();
  readonly #notebook: Notebook;
  readonly #messages: MessageBook;
  /** Calls by the reply that they were made for: how many were paid, and who made one that the head does not tell of. */
  /** Chats whose budget had no room. */
  readonly #refused = new Set<string>();
  readonly #spent = new Map<string, { paid: number; readonly unrecorded: Set<string> }>();
  readonly #replyOf = new WeakMap<ModelRequest, string>();
  readonly #tries = new Map<string, readonly Asked[]>();
  readonly #chats = new Map<string, Chat>();
  /** Environments that heard that the model needs the operator, and no answer since. */
  readonly #unusable = new Map<string, number>();

  constructor(notebook: Notebook, messages: MessageBook) {
    this.#notebook = notebook;
    this.#messages = messages;
  }

  /** The pseudonym under which the model hears of a chat. */
  named(pseudonym: string, chat: Chat): void {
    this.#chats.set(pseudonym, chat);
  }

  chatOf({ safetyIdentifier }: ModelRequest): Chat | undefined {
    return this.#chats.get(safetyIdentifier);
  }

  /** The ledger has had no room for this chat's next call. */
  refused(chat: string): void {
    this.#refused.add(chat);
  }

  /** What a person left is asked about anew. */
  takenUp(environment: Environment, chat: Chat, keys: readonly MessageKey[]): void {
    this.turnBegins(workName(environment, chat));
    for (const key of keys) this.#spent.delete(replyTo(chat, this.#messages.planned(key)?.id));
  }

  turnBegins(work: string): void {
    this.#tries.delete(work);
  }

  isUnusable({ id }: Environment): boolean {
    const heardAtMs = this.#unusable.get(id);
    return heardAtMs !== undefined && this.#notebook.now() - heardAtMs < LONGEST_PAUSE_MS;
  }

  triesOf(work: string): readonly Asked[] {
    return this.#tries.get(work) ?? [];
  }

  /** @param isRecorded whether the head tells of a call, should this process die in it */
  asked(environment: Environment, chat: Chat, request: ModelRequest, isRecorded: boolean): void {
    this.#checkWhose(chat, request);
    const business = this.#notebook.people.ofChat(chat)?.business;
    this.#notebook.checkOpen(business, 'the model was asked');
    const current = this.#currentOf(chat, request);
    const ids = current.map(({ planned }) => planned.id);
    for (const [index, kept] of current.entries()) {
      const next = current[index + 1];
      if (next && compareKept(kept, next) > 0) {
        this.#notebook.note('out of order', `the model saw ${next.planned.id} too late`);
      }
    }
    const work = workName(environment, chat);
    // Whatever else is answered with it, a reply is the one that the oldest message waits for.
    const reply = replyTo(chat, ids[0]);
    this.#replyOf.set(request, reply);
    const spent = this.#spent.get(reply) ?? { paid: 0, unrecorded: new Set() };
    this.#spent.set(reply, spent);
    if (!isRecorded) spent.unrecorded.add(work);
    const before = this.triesOf(work);
    const last = before.at(-1);
    const tokens = currentTokens(request);
    const [shown, first = 0] = [tokens.length, tokens[0]];
    // Where one of them is poison, each is shown alone after all together.
    if (last && last.shown >= shown && !this.#messages.hasPoison(chat)) {
      this.#notebook.note('other', 'the model was asked again although nothing was new');
    }
    if (before.length >= MOST_CALLS_OF_A_TRY) {
      this.#notebook.note('other', 'the model was asked too often in one turn');
    }
    this.#tries.set(work, [...before, { ids, shown, first, result: undefined }]);
  }

  answered(
    environment: Environment,
    chat: Chat,
    reply: ModelReply,
    means: FailureClass | undefined,
  ): void {
    if (reply.kind === 'failed' && reply.failure.class !== means) {
      this.#notebook.note('other', `${reply.failure.code} was read as ${reply.failure.class}`);
    }
    const work = workName(environment, chat);
    const tries = this.triesOf(work);
    if (means === 'fix-needed') this.#unusable.set(environment.id, this.#notebook.now());
    if (means === undefined) this.#unusable.delete(environment.id);
    const last = tries.at(-1);
    if (!last) return;
    // What must not be sent is no text, although it was one.
    const result = reply.kind === 'answer' && means === undefined ? 'text' : means;
    this.#tries.set(work, [...tries.slice(0, -1), { ...last, result }]);
  }

  /** A text is paid for also where nobody hears it in time; an error in its place costs nothing. */
  wrote(request: ModelRequest, fault: CallFault | undefined): void {
    const chat = this.chatOf(request);
    if (!chat || fault === 'error-after') return;
    const spent = this.#spent.get(this.#replyOf.get(request) ?? '');
    if (spent) spent.paid += 1;
    for (const { planned } of this.#currentOf(chat, request)) {
      const name = `${chatKey(chat)} ${planned.id}`;
      this.paid.set(name, (this.paid.get(name) ?? 0) + 1);
    }
  }

  /** Of two workers that live at once each may make its first call unseen; nobody else. */
  judgePaid(): void {
    const mayOverlap = this.#notebook.schedule.faults.some(
      (each) => each.kind === 'purge' || (each.kind === 'call' && each.fault.startsWith('freeze')),
    );
    for (const [name, { paid, unrecorded }] of this.#spent) {
      const unseen = mayOverlap ? Math.max(0, unrecorded.size - 1) : 0;
      if (paid > MOST_PAID + unseen) {
        this.#notebook.note('other', `${name} cost ${paid} calls to the model`);
      }
    }
  }

  /** A draft must say what the model said to exactly the messages that it answers. */
  drafted(
    { tries, isHopeless }: Basis,
    chat: Chat,
    turn: OpenTurn,
    answers: readonly number[],
    named: readonly Token[],
  ): void {
    if (turn.kind === 'repeat' || turn.kind === 'person') return;
    if (turn.kind === 'limit') {
      this.#checkLimit(chat, turn);
      return;
    }
    if (turn.kind === 'notice') {
      this.#checkNotice(chat, turn, answers);
      return;
    }
    if (turn.kind === 'fallback') {
      this.#checkFallback(chat, turn, tries, isHopeless);
      return;
    }
    // Asked about more in vain, what was answered before that is sent: all was for this reply.
    for (const { ids } of tries) {
      if (ids[0] !== undefined && !answers.includes(ids[0]))
        this.#spent.delete(replyTo(chat, ids[0]));
    }
    const texts = tries.filter(({ result }) => result === 'text');
    const ids = named.map(({ id }) => id);
    if (!texts.some((each) => isSame(each.ids, answers))) {
      this.#notebook.note('other', `turn ${turn.id} claims to answer ${answers.join()}`);
    }
    if (answers.some((id) => !ids.includes(id))) {
      this.#notebook.note('lost', `turn ${turn.id} says nothing to a message that it answers`);
    }
    const said = texts.findLast((each) => isSame(each.ids, answers));
    if (said) this.#checkExtras(turn, said.first);
  }

  /** Every choice is offered once, to be tapped or in words; what is quoted is one of the answered. */
  #checkExtras({ id, parts, answers: keys }: OpenTurn, first: number): void {
    const said = parts.map(bubbleInWords).join('\n');
    const titles = titlesFor(first);
    if (titles.some((title) => said.split(title).length !== 2)) {
      this.#notebook.note('lost', `turn ${id} does not offer each choice once`);
    }
    const quoted = parts.flatMap(({ quotes }) => quotes ?? []);
    const isOne = ([wamid, ...more]: readonly string[]) =>
      more.length === 0 && keys.some((key) => key.endsWith(`#${wamid}`));
    if (quoted.length > 0 && (keys.length === 1 || !isOne(quoted))) {
      this.#notebook.note('other', `turn ${id} quotes what it does not answer`);
    }
  }

  /** Said in answer to a word that it confirms, and to what was waiting before it. */
  #checkNotice(chat: Chat, turn: OpenTurn, answers: readonly number[]): void {
    const types = answers.map(
      (id) => this.#notebook.schedule.messages.find((each) => each.id === id)?.type,
    );
    const business = this.#notebook.people.ofChat(chat)?.business ?? 0;
    const said = turn.parts.map((part) => part.text).join('');
    if (types.includes('wants-person') && said === personTextOf(business)) return;
    const last = this.#notebook.schedule.messages.find(({ id }) => id === answers.at(-1));
    const kind = last?.type === 'stop' ? 'optOut' : 'optIn';
    const text = turn.parts.map((part) => part.text).join('');
    const isOwed = last?.type === 'stop' || last?.type === 'start';
    if (!isOwed || text !== builtInText(kind, undefined)) {
      this.#notebook.note('other', `turn ${turn.id} confirms what nobody said`);
    }
  }

  #checkFallback(chat: Chat, turn: OpenTurn, tries: readonly Asked[], isHopeless: boolean): void {
    const customer = this.#notebook.people.ofChat(chat);
    const text = turn.parts.map((part) => part.text).join('');
    if (customer && text !== fallbackOf(customer.business)) {
      this.#notebook.note('leaked', `turn ${turn.id} has the fallback of another business`);
    }
    const ageMs = this.#notebook.now() - turn.waitingSinceMs + this.#notebook.skewMs;
    if (ageMs >= SETTINGS.answerDeadlineMs || isHopeless) return;
    if (turn.answers.length === 0 && this.#messages.hasPoison(chat)) return;
    const last = tries.at(-1)?.result;
    if (last === 'reply-anyway' || last === 'fix-needed') return;
    this.#notebook.note('other', `turn ${turn.id} falls back although waiting might have helped`);
  }

  #checkLimit(chat: Chat, turn: OpenTurn): void {
    const customer = this.#notebook.people.ofChat(chat);
    const text = turn.parts.map((part) => part.text).join('');
    if (customer && text !== limitTextOf(customer.business)) {
      this.#notebook.note('leaked', `turn ${turn.id} has the words of another business`);
    }
    if (!this.#refused.has(chatKey(chat)) && !this.#messages.isNarrow(chat)) {
      this.#notebook.note('other', `turn ${turn.id} speaks of a limit that nobody has met`);
    }
  }

  #currentOf(chat: Chat, request: ModelRequest): readonly Kept[] {
    const kept = this.#messages.keptIn(chat);
    return currentTokens(request)
      .map((id) => kept.get(id))
      .filter((each) => each !== undefined && each.state !== 'finished') as Kept[];
  }

  #checkWhose(chat: Chat, request: ModelRequest): void {
    const customer = this.#notebook.people.ofChat(chat);
    const strangers = request.conversation
      .flatMap(({ text }) => tokensIn(text))
      .filter((token) => token.customer !== customer?.index);
    if (strangers.length > 0) {
      this.#notebook.note('leaked', `${chatKey(chat)} was shown the words of another customer`);
    }
    const business = customer && BUSINESSES[customer.business];
    const isOwn = request.instructions.includes(`You answer for business ${business?.index}.`);
    if (!isOwn || request.cacheKey !== business?.tenantId) {
      this.#notebook.note('leaked', `${chatKey(chat)} was answered as another business`);
    }
  }
}

function replyTo(chat: Chat, oldest: number | undefined): string {
  return `the reply to ${chatKey(chat)} ${oldest}`;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}
