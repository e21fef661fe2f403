/** Names that nothing else has: short, of lower-case letters and digits. */
export interface Ids {
  next(): string;
}
