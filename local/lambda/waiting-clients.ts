/** More than anybody brings who tries things out. */
const CROWD = 100;

/**
 * Who waits for an answer over HTTP while all processes of a function are taken. In the cloud nobody's
 * work takes another's processor; here what waits in queues makes way for these, as it can wait.
 */
export class WaitingClients {
  readonly #onCrowd: () => void;
  #count = 0;
  #isCrowdKnown = false;
  readonly #heldBack = new Set<() => void>();

  /** @param onCrowd hears once that a crowd waits */
  constructor(onCrowd: () => void = () => {}) {
    this.#onCrowd = onCrowd;
  }

  get any(): boolean {
    return this.#count > 0;
  }

  /** One more waits. @returns how to say that it has its process, or gave up; again does nothing */
  enter(): () => void {
    this.#count += 1;
    if (this.#count >= CROWD && !this.#isCrowdKnown) {
      this.#isCrowdKnown = true;
      this.#onCrowd();
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#count -= 1;
      if (this.#count === 0) this.#letOn();
    };
  }

  /** Calls once, when nobody waits any more. */
  whenNone(goOn: () => void): void {
    this.#heldBack.add(goOn);
  }

  #letOn(): void {
    const heldBack = [...this.#heldBack];
    this.#heldBack.clear();
    for (const goOn of heldBack) goOn();
  }
}
