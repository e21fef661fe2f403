/** Largest seed: it is printed as a plain number. */
export const LARGEST_SEED = 2 ** 48 - 1;

/** A well-mixed 32-bit number of three others. */
function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ (a >>> 15), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16) ^ c, 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const HASHES = new Map<string, number>();

function hashOf(text: string): number {
  const known = HASHES.get(text);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  HASHES.set(text, hash >>> 0);
  return hash >>> 0;
}

/**
 * A number in [0, 1) that depends on the seed, a name and a count alone: whatever else a run does, the
 * nth draw of a name stays the same, so that a shrunk schedule behaves like the one it came from.
 */
export function draw(seed: number, name: string, count: number): number {
  const low = mix(seed >>> 0, hashOf(name), count);
  return mix(low, Math.floor(seed / 2 ** 32), count) / 2 ** 32;
}

/** The seed of the nth schedule of a run; the first is the run's own, so that one can be replayed alone. */
export function seedOf(seed: number, index: number): number {
  if (index === 0) return seed;
  const high = Math.floor(draw(seed, 'seed-high', index) * 2 ** 16);
  return high * 2 ** 32 + Math.floor(draw(seed, 'seed-low', index) * 2 ** 32);
}

/** Draws one after the other, for what is generated before a run. */
export class Random {
  readonly #seed: number;
  readonly #name: string;
  #count = 0;

  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
  }

  next(): number {
    this.#count += 1;
    return draw(this.#seed, this.#name, this.#count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.int(0, values.length - 1)];
    if (value === undefined) throw new RangeError('There is nothing to pick from');
    return value;
  }
}
