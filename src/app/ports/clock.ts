/** Time and chance come from outside, so that a simulation can own them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Lets time pass. */
export interface Pauses {
  /** Ends after that long, or as soon as the signal says that nobody waits for it any more. Never throws. */
  pause(durationMs: number, over: AbortSignal): Promise<void>;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}
