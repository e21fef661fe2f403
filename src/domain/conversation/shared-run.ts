/** A text reduced to its letters and digits: spaces, marks, accents and capitals hide nothing. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .normalize('NFC');
}

/** A window that stands at more places is a pattern, and says little of a run. */
const MOST_PLACES = 8;

/**
 * The length of the longest run that a text shares with a source, both as `lettersOf` has them, where it is
 * at least so long; else 0.
 */
export function sharedRun(text: string, source: string, least: number): number {
  const size = Math.floor(least / 2);
  let longest = 0;
  // Whatever is at least so long holds one whole window.
  for (let start = 0; start + size <= text.length; start += size) {
    const window = text.slice(start, start + size);
    let at = source.indexOf(window);
    for (let seen = 0; at !== -1 && seen < MOST_PLACES; seen += 1) {
      longest = Math.max(longest, extended(text, start, source, at, size));
      at = source.indexOf(window, at + 1);
    }
  }
  return longest >= least ? longest : 0;
}

function extended(text: string, start: number, source: string, at: number, size: number): number {
  let before = 0;
  while (before < start && before < at && text[start - before - 1] === source[at - before - 1]) {
    before += 1;
  }
  let after = size;
  while (start + after < text.length && text[start + after] === source[at + after]) after += 1;
  return before + after;
}
