import type { VirtualClock } from '#local/clock.ts';

/**
 * One execution environment of a function: what is in its memory lives as long as it does. A crash ends
 * it without a trace: whatever it waited for never comes.
 */
export class Environment {
  readonly id: string;
  /** How far its clock is off. */
  readonly skewMs: number;
  /** A newer version was deployed: no further invocation comes here. */
  isRetired = false;
  /** How many there were, the current one included. */
  invocations = 0;
  readonly #clock: VirtualClock;
  #isDead = false;
  #frozenUntilMs = 0;
  #onCrash: (() => void) | undefined;

  constructor(id: string, clock: VirtualClock, skewMs: number) {
    this.id = id;
    this.#clock = clock;
    this.skewMs = skewMs;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get frozenUntilMs(): number {
    return this.#frozenUntilMs;
  }

  /** Its own clock's time. */
  now(): number {
    return this.#clock.now() + this.skewMs;
  }

  begin(onCrash: () => void): void {
    this.invocations += 1;
    this.#onCrash = onCrash;
  }

  end(): void {
    this.#onCrash = undefined;
  }

  crash(): void {
    this.#isDead = true;
    this.#onCrash?.();
  }

  freeze(forMs: number): void {
    this.#frozenUntilMs = this.#clock.now() + forMs;
  }

  /** Now, or when a freeze is over; never in a dead one. */
  whenAwake(run: () => void): void {
    if (this.#isDead) return;
    if (this.#frozenUntilMs <= this.#clock.now()) run();
    else this.#clock.schedule(this.#frozenUntilMs, () => this.whenAwake(run));
  }
}
