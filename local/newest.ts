/** What came last, in order; what is older than so many is forgotten. */
export class Newest<Entry> {
  readonly #most: number;
  #entries: Entry[] = [];
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many ever came. */
  get count(): number {
    return this.#count;
  }

  /** At most so many, the oldest first. */
  get all(): readonly Entry[] {
    return this.#entries.slice(-this.#most);
  }

  push(entry: Entry): void {
    this.#count += 1;
    this.#entries.push(entry);
    // Not one by one, which would move all the others each time.
    if (this.#entries.length >= 2 * this.#most) this.#entries = this.#entries.slice(-this.#most);
  }
}
