export interface LeastRecentLimits<Value> {
  readonly mostEntries: number;
  /** Of all values together, in whatever `weigh` counts. @default no limit */
  readonly mostWeight?: number;
  /** @default every value weighs nothing */
  readonly weigh?: (value: Value) => number;
}

/** A memory of bounded size: what was not asked for longest is forgotten first. */
export class LeastRecent<Key, Value> {
  readonly #limits: Required<LeastRecentLimits<Value>>;
  /** From the least recent on. */
  readonly #entries = new Map<Key, { readonly value: Value; readonly weight: number }>();
  #weight = 0;

  constructor({
    mostEntries,
    mostWeight = Number.POSITIVE_INFINITY,
    weigh = () => 0,
  }: LeastRecentLimits<Value>) {
    this.#limits = { mostEntries, mostWeight, weigh };
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A value that is heavier than the limit is not remembered at all. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#limits.weigh(value);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (!this.#isFull()) break;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  #isFull(): boolean {
    const { mostEntries, mostWeight } = this.#limits;
    return this.#entries.size > mostEntries || this.#weight > mostWeight;
  }
}
