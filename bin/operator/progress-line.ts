import type { Terminal } from './terminal.ts';

const LINE_EVERY_MS = 5_000;

/** Tells how far something has come: in place where a person watches, else by a line now and then. */
export class ProgressLine {
  readonly #terminal: Terminal;
  #shown = '';
  #shownAtMs = Date.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    if (text === this.#shown) return;
    if (this.#terminal.isWatched) {
      this.#terminal.err(`\r${text.padEnd(this.#shown.length)}`);
      this.#shown = text;
    } else if (Date.now() - this.#shownAtMs >= LINE_EVERY_MS) {
      this.#terminal.err(`${text}\n`);
      this.#shown = text;
      this.#shownAtMs = Date.now();
    }
  }

  /** As `show`, for what takes long from here on: said in any case. */
  announce(text: string): void {
    if (this.#terminal.isWatched) {
      this.show(text);
      return;
    }
    this.#terminal.err(`${text}\n`);
    this.#shown = text;
    this.#shownAtMs = Date.now();
  }

  /** Makes room for what comes next. */
  clear(): void {
    if (this.#terminal.isWatched && this.#shown) {
      this.#terminal.err(`\r${' '.repeat(this.#shown.length)}\r`);
    }
    this.#shown = '';
  }
}
