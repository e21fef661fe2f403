import { Random } from '#test/simulation/random.ts';

/** Chance of a model: the same for the same seed, each kind of draw by itself. */
export class Chance {
  readonly #seed: number;
  readonly #randoms = new Map<string, Random>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** In [0, 1). */
  next(name: string): number {
    const known = this.#randoms.get(name);
    const random = known ?? new Random(this.#seed, name);
    if (!known) this.#randoms.set(name, random);
    return random.next();
  }

  below(name: string, count: number): number {
    return Math.floor(this.next(name) * count);
  }

  /** Between events that know nothing of each other. */
  exponential(name: string, mean: number): number {
    return -mean * Math.log(1 - this.next(name));
  }

  /** Log-normal: never below nothing, and with a few long ones. `spread` is its deviation by its mean. */
  skewed(name: string, mean: number, spread: number): number {
    if (spread === 0 || mean === 0) return mean;
    const variance = Math.log(1 + spread ** 2);
    const radius = Math.sqrt(-2 * Math.log(1 - this.next(name)));
    const normal = radius * Math.cos(2 * Math.PI * this.next(name));
    return mean * Math.exp(Math.sqrt(variance) * normal - variance / 2);
  }
}
