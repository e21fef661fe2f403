/** Where the command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True where a person watches standard error: a line can be written over. */
  readonly isWatched: boolean;
}

export function processTerminal(): Terminal {
  // A reader such as `head` that has seen enough is no fault of ours.
  process.stdout.on('error', () => process.exit());
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isWatched: process.stderr.isTTY === true,
  };
}

/** Customers' text and peers' words must not steer the operator's terminal. */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '\ufffd');
}
