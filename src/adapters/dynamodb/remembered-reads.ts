import type { Clock } from '#app/ports/clock.ts';
import { LeastRecent } from '#domain/least-recent.ts';

/** How long a change of the operator's may go unnoticed by a running process. */
const KNOWN_FOR_MS = 60_000;
/** What has just been connected, or a record just repaired, works soon. */
const UNUSABLE_FOR_MS = 5_000;
const MOST_REMEMBERED = 1_000;

export interface RememberedReadsOptions<Id, Found> {
  readonly clock: Clock;
  readonly read: (id: Id) => Promise<Found>;
  readonly isUsable: (found: Found) => boolean;
}

/** Records of the tenants table in the memory of the process: for a minute, and what is not there for seconds. */
export class RememberedReads<Id, Found> {
  readonly #options: RememberedReadsOptions<Id, Found>;
  readonly #remembered = new LeastRecent<Id, { found: Promise<Found>; untilMs: number }>({
    mostEntries: MOST_REMEMBERED,
  });

  constructor(options: RememberedReadsOptions<Id, Found>) {
    this.#options = options;
  }

  find(id: Id): Promise<Found> {
    const remembered = this.#remembered.get(id);
    if (remembered && this.#options.clock.now() < remembered.untilMs) return remembered.found;
    return this.#readAndRemember(id);
  }

  async #readAndRemember(id: Id): Promise<Found> {
    const { clock, read, isUsable } = this.#options;
    const entry = { found: read(id), untilMs: clock.now() + UNUSABLE_FOR_MS };
    this.#remembered.set(id, entry);
    try {
      const found = await entry.found;
      if (isUsable(found)) entry.untilMs = clock.now() + KNOWN_FOR_MS;
      return found;
    } catch (error) {
      if (this.#remembered.get(id) === entry) this.#remembered.delete(id);
      throw error;
    }
  }
}
