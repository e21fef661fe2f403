/**
 * A word or an id that somebody else chose, for an attribute of its own: cut to a number of characters,
 * so that an item with it always fits. Half a character, which is no valid text, becomes U+FFFD.
 */
export function boundedText(text: string, characters: number): string {
  return text.slice(0, characters).toWellFormed();
}
