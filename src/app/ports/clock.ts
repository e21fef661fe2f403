/** Time and chance come from outside, so that a simulation can own them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}
