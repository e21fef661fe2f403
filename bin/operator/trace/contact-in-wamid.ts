import { type ContactId, parseContactId } from '#domain/ids.ts';

/** Where ids that Meta hands out name the customer, after two markers: a length, and so many characters. */
const MARKERS = [0x1c, 0x18];

/**
 * The contact that a message's id names, as far as it looks like those that are known. Meta promises
 * nothing of it, so this is a hint at where to look, and what is found there decides.
 */
export function contactInWamid(wamid: string): ContactId | undefined {
  const bytes = Buffer.from(wamid.replace(/^wamid\./, ''), 'base64');
  const length = bytes[2] ?? 0;
  const isKnown = bytes[0] === MARKERS[0] && bytes[1] === MARKERS[1] && bytes.length > 3 + length;
  return isKnown ? parseContactId(bytes.toString('latin1', 3, 3 + length)) : undefined;
}
