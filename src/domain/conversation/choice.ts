/** What a contact chose, and when by Meta's clock. */
export interface Choice {
  readonly kind: 'stopped' | 'resumed';
  readonly atMs: number;
}

/** Of two, the one that counts. */
export function newestChoice(
  one: Choice | undefined,
  other: Choice | undefined,
): Choice | undefined {
  if (!one || !other) return one ?? other;
  return other.atMs > one.atMs ? other : one;
}
