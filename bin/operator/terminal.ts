import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askLine } from './ask-line.ts';
import { OperatorError } from './operator-error.ts';

/** Where the command reads, and writes: results to standard output, everything else to standard error. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True where a person watches standard error: a line can be written over. */
  readonly isWatched: boolean;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** True where a person sits at standard input. */
  readonly hasPerson: boolean;
  /** Asks that person. */
  ask(question: string): Promise<string>;
  /** As `ask`, for what must not be seen on the screen. */
  askHidden(question: string): Promise<string>;
}

export function processTerminal(): Terminal {
  // A reader such as `head` that has seen enough is no fault of ours.
  process.stdout.on('error', () => process.exit());
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isWatched: process.stderr.isTTY === true,
    readInput: () => text(process.stdin),
    hasPerson: process.stdin.isTTY === true,
    ask: (question) => askLine(question, process.stdin, process.stderr),
    askHidden: async (question) => {
      // Before the question: from here on nothing that is typed is echoed.
      const lines = createInterface({
        input: process.stdin,
        // Where readline would echo what is typed.
        output: new Writable({ write: (_chunk, _encoding, done) => done() }),
        terminal: true,
      });
      const given = new Promise<string>((resolve, reject) => {
        lines.once('line', resolve);
        lines.once('close', () => resolve(''));
        lines.once('SIGINT', () => reject(new OperatorError('Nothing was changed.')));
      });
      process.stderr.write(question);
      try {
        return await given;
      } finally {
        lines.close();
        process.stderr.write('\n');
      }
    },
  };
}

/** Customers' text and peers' words must not steer the operator's terminal. */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '\ufffd');
}
