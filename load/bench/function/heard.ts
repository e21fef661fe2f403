/** What is said and not yet heard, in order. */
export class Heard<What> {
  readonly #said: What[] = [];
  readonly #waiting: ((what: What) => void)[] = [];

  say(what: What): void {
    const first = this.#waiting.shift();
    if (first) first(what);
    else this.#said.push(what);
  }

  next(): Promise<What> {
    const said = this.#said.shift();
    if (said !== undefined) return Promise.resolve(said);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
