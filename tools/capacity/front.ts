import { takeAll } from './bucket.ts';
import type { LambdaPool } from './lambda-pool.ts';
import { ASSUMED } from './limits.ts';
import type { Chat, World } from './world.ts';

/** Where a webhook ends that was taken. */
export interface Taken {
  message(chat: Chat): void;
  status(): void;
}

const TABLE_TRIES = 3;
const TABLE_AGAIN_SECONDS = 0.1;
const LONGEST_REDELIVERY_SECONDS = 600;

/** API and ingest: a webhook is stored and rung for, or refused, and then Meta sends it again. */
export class Front {
  readonly #world: World;
  readonly #ingest: LambdaPool;
  readonly #taken: Taken;

  constructor(world: World, ingest: LambdaPool, taken: Taken) {
    this.#world = world;
    this.#ingest = ingest;
    this.#taken = taken;
  }

  /** @param chat whose message it is; undefined for a status */
  deliver(chat: Chat | undefined, tries = 0): void {
    const { timeline, limits, work } = this.#world;
    const again = () => this.#again(chat, tries);
    if (!limits.api.take(1, timeline.now)) {
      again();
      return;
    }
    const { cpuSeconds, callSeconds } = work.ingest;
    const isTaken = this.#ingest.invoke((end) =>
      timeline.after(cpuSeconds + callSeconds, () => this.#store(chat, { end, again }, 1)),
    );
    if (!isTaken) again();
  }

  #store(
    chat: Chat | undefined,
    { end, again }: { readonly end: () => void; readonly again: () => void },
    tries: number,
  ): void {
    const { timeline, limits, work, book } = this.#world;
    if (!chat) {
      end();
      this.#taken.status();
      return;
    }
    const isWritten = takeAll(
      [
        [limits.table, 1],
        [chat.shard, work.unfinishedWrites / 2],
        [limits.fifoCalls, 1],
      ],
      timeline.now,
    );
    if (isWritten) {
      end();
      book.count('accepted');
      this.#taken.message(chat);
      return;
    }
    if (tries < TABLE_TRIES) {
      timeline.after(TABLE_AGAIN_SECONDS, () => this.#store(chat, { end, again }, tries + 1));
      return;
    }
    end();
    again();
  }

  #again(chat: Chat | undefined, tries: number): void {
    const { timeline, chance, book } = this.#world;
    book.count('refused');
    const pause = ASSUMED.firstRedeliverySeconds * 2 ** tries * (0.5 + chance.next('redelivery'));
    timeline.after(Math.min(LONGEST_REDELIVERY_SECONDS, pause), () =>
      this.deliver(chat, tries + 1),
    );
  }
}
