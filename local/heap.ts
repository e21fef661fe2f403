/** A binary heap: the entry that comes first by `before` is at the top. Push and pop are O(log n). */
export class Heap<Entry> {
  readonly #entries: Entry[] = [];
  readonly #before: (left: Entry, right: Entry) => boolean;

  constructor(before: (left: Entry, right: Entry) => boolean) {
    this.#before = before;
  }

  get top(): Entry | undefined {
    return this.#entries[0];
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = entries[parentIndex];
      if (parent === undefined || !this.#before(entry, parent)) break;
      entries[index] = parent;
      index = parentIndex;
    }
    entries[index] = entry;
  }

  pop(): Entry | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return top;
    let index = 0;
    for (;;) {
      const child = this.#firstChildOf(index);
      const entry = entries[child];
      if (entry === undefined || !this.#before(entry, last)) break;
      entries[index] = entry;
      index = child;
    }
    entries[index] = last;
    return top;
  }

  #firstChildOf(index: number): number {
    const left = this.#entries[2 * index + 1];
    const right = this.#entries[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && this.#before(right, left);
    return 2 * index + (rightFirst ? 2 : 1);
  }
}
