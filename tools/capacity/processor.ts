import { backoffMs } from '#domain/backoff.ts';
import { takeAll } from './bucket.ts';
import type { ChatQueue, Received } from './chat-queue.ts';
import { Environment, sideBySide } from './environment.ts';
import type { Chat, World } from './world.ts';

type Ring = Received<Chat>;

/** A turn as it runs: its rings, where it computes, and what is to be called at its end. */
interface Turn {
  readonly ring: Ring;
  readonly environment: Environment;
  readonly ended: () => void;
}

const REFUSED_CALL_SECONDS = 0.2;
const TABLE_AGAIN_SECONDS = 0.1;

/** The processor's work, as src/app/process-rings.ts does it: all that a chat has waiting is one turn. */
export class Processor {
  readonly #world: World;
  readonly #queue: ChatQueue<Chat>;
  readonly #onAnswer: (chat: Chat) => void;

  constructor(world: World, queue: ChatQueue<Chat>, onAnswer: (chat: Chat) => void) {
    this.#world = world;
    this.#queue = queue;
    this.#onAnswer = onAnswer;
  }

  work(batch: readonly Ring[], end: () => void): void {
    const { timeline, book } = this.#world;
    const environment = new Environment(timeline);
    for (const { chat } of batch) book.begun(timeline.now - chat.readyAt);
    sideBySide(batch, (ring, ended) => this.#begin({ ring, environment, ended }), end);
  }

  #begin(turn: Turn): void {
    const { timeline, work, deployment } = this.#world;
    const { chat } = turn.ring;
    turn.environment.compute(work.turn.cpuSeconds / 2, () => {
      const oldest = chat.inbox[0];
      // What it rang for is answered.
      if (!oldest) return this.#over(turn);
      chat.attempts += 1;
      const heard = chat.inbox.length;
      if (chat.hasDraft) return this.#send(turn, heard, 'answered');
      if (chat.isPersons) return this.#afterCalls(turn, () => this.#close(turn, heard, 'kept'));
      const isLate = timeline.now - oldest.acceptedAt >= deployment.answerDeadlineSeconds;
      if (isLate) return this.#afterCalls(turn, () => this.#send(turn, heard, 'late'));
      this.#ask(turn, heard, oldest.acceptedAt);
    });
  }

  #ask(turn: Turn, heard: number, since: number): void {
    const { timeline, chance, limits, peers, switches, deployment, work } = this.#world;
    const { business } = turn.ring.chat;
    const untilLate = since + deployment.answerDeadlineSeconds - timeline.now;
    const backoff = backoffMs(turn.ring.chat.attempts, chance.next('backoff')) / 1_000;
    const later = Math.max(1, Math.min(backoff, untilLate));
    if (!business.turns.take(1, timeline.now)) {
      this.#defer(turn, later);
      return;
    }
    if (switches.isModelDown) {
      timeline.after(REFUSED_CALL_SECONDS, () => this.#defer(turn, later));
      return;
    }
    const isTaken = takeAll(
      [
        [limits.modelRequests, 1],
        [limits.modelTokens, peers.turnTokens],
      ],
      timeline.now,
    );
    if (!isTaken) {
      this.#defer(turn, later);
      return;
    }
    const { modelSeconds } = turn.ring.chat;
    const seconds = modelSeconds ?? chance.skewed('model', peers.modelSeconds, peers.modelSpread);
    timeline.after(seconds + work.turn.callSeconds, () => this.#send(turn, heard, 'answered'));
  }

  #send(turn: Turn, heard: number, how: 'answered' | 'late'): void {
    const { timeline, peers, chance, work } = this.#world;
    const { chat } = turn.ring;
    turn.environment.compute(work.turn.cpuSeconds / 2, () => {
      const isTaken = takeAll(
        [
          [chat.business.messages, 1],
          [chat.pair, 1],
        ],
        timeline.now,
      );
      if (!isTaken) {
        chat.hasDraft = true;
        return this.#defer(turn, backoffMs(chat.attempts, chance.next('backoff')) / 1_000);
      }
      timeline.after(peers.graphSeconds, () => {
        if (how === 'late') chat.isPersons = true;
        this.#onAnswer(chat);
        this.#close(turn, heard, how);
      });
    });
  }

  /** The writes of the whole turn at once, tried until the table takes them. */
  #close(turn: Turn, heard: number, how: 'answered' | 'late' | 'kept'): void {
    const { timeline, limits, work, book } = this.#world;
    const { chat } = turn.ring;
    const isWritten = takeAll(
      [
        [limits.table, work.writeUnits - 1],
        [chat.shard, (work.unfinishedWrites / 2) * heard],
        [chat.business.ledger, work.ledgerWrites],
        [chat.business.chatList, work.chatListWrites],
      ],
      timeline.now,
    );
    if (!isWritten) {
      timeline.after(TABLE_AGAIN_SECONDS, () => this.#close(turn, heard, how));
      return;
    }
    chat.hasDraft = false;
    chat.attempts = 0;
    for (const { acceptedAt } of chat.inbox.splice(0, heard)) {
      book.count(how);
      book.answer(timeline.now - acceptedAt);
    }
    this.#over(turn);
  }

  #afterCalls({ environment }: Turn, then: () => void): void {
    const { timeline, work } = this.#world;
    timeline.after(work.turn.callSeconds, () => environment.compute(0, then));
  }

  /** Hidden for a while, in flight all the time; its chat waits. */
  #defer({ ring, ended }: Turn, seconds: number): void {
    const { timeline, book } = this.#world;
    book.count('deferred');
    timeline.after(seconds, () => this.#queue.reappear(ring));
    ended();
  }

  #over({ ring, ended }: Turn): void {
    this.#queue.done(ring);
    ended();
  }
}
