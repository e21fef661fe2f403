import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** The lines of one output stream of a process, as they come. */
export class OutputLines {
  readonly #decoder = new StringDecoder();
  readonly #onLine: (text: string) => void;
  #rest = '';
  #read = 0;
  #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  constructor(stream: Readable, onLine: (text: string) => void) {
    this.#onLine = onLine;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('close', () => this.#end());
  }

  /** Resolves when so many bytes have been handed on, or the stream has ended. */
  upTo(bytes: number): Promise<void> {
    if (this.#read >= bytes) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  #take(chunk: Buffer): void {
    this.#read += chunk.length;
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    const [due, later] = [
      this.#waiting.filter(({ bytes }) => bytes <= this.#read),
      this.#waiting.filter(({ bytes }) => bytes > this.#read),
    ];
    this.#waiting = later;
    for (const { resolve } of due) resolve();
  }

  #end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
    this.#read = Number.POSITIVE_INFINITY;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting = [];
  }
}
