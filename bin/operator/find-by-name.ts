import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { findParked, SHORTEST_NAME } from '#app/find-parked.ts';
import type { ParkedMessage } from '#app/ports/parked-messages.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { inWords, type Target } from './target.ts';

/** @throws UsageError for what is no pseudonym, such as a wamid, which holds the customer's number */
export function checkName(name: string): void {
  if (new RegExp(`^[0-9a-f]{${SHORTEST_NAME},32}$`, 'i').test(name)) return;
  throw new UsageError(
    `A message goes by its pseudonym, at least ${SHORTEST_NAME} of its 32 hexadecimal digits, not ${JSON.stringify(name)}.`,
  );
}

/** @throws OperatorError where not exactly one parked message goes by that name */
export function findByName(
  messages: readonly ParkedMessage[],
  name: string,
  target: Target,
): ParkedMessage {
  checkName(name);
  const found = findParked(messages, name, pseudonyms);
  switch (found.kind) {
    case 'found':
      return found.message;
    case 'ambiguous':
      throw new UsageError(`More than one parked message begins with ${name}: give more of it.`);
    case 'unknown':
      throw new OperatorError(
        `No parked message goes by ${name}: it was answered, or see npx concierge dead-letters list ${inWords(target)}.`,
      );
  }
}
