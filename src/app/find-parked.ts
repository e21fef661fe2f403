import type { ParkedMessage } from './ports/parked-messages.ts';
import type { Pseudonyms } from './ports/pseudonyms.ts';

/** Enough to be told apart by a person, and few enough to be typed. */
export const SHORTEST_NAME = 6;

export type FoundParked =
  | { readonly kind: 'found'; readonly message: ParkedMessage }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous' };

/** The parked message of a pseudonym, or of the beginning of one. */
export function findParked(
  messages: readonly ParkedMessage[],
  name: string,
  pseudonyms: Pseudonyms,
): FoundParked {
  const [message, another] = messages.filter(({ key }) =>
    pseudonyms.ofMessage(key).startsWith(name.toLowerCase()),
  );
  if (!message) return { kind: 'unknown' };
  return another ? { kind: 'ambiguous' } : { kind: 'found', message };
}
