import type { Bubble } from './bubble.ts';

/** Longest text body that WhatsApp takes (Cloud API, text messages). */
export const TEXT_LIMIT = 4096;

/** Where a long text is best cut, best first: a paragraph, a line, a sentence, a word. */
const SEAMS = [/\n{2,}/g, /\n/g, /(?<=[.!?…。！？])\s+/g, /\s+/g];

/**
 * The reply as bubbles. One wherever it fits, since Meta bills each; otherwise cut at the best seam
 * in the second half of what fits, and never inside a character.
 */
export function splitReply(text: string, limit = TEXT_LIMIT): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const cut = bestCut(rest, limit);
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest) parts.push(rest);
  return parts;
}

/** A text as bubbles that hold nothing else. */
export function bubblesOf(text: string): readonly Bubble[] {
  return splitReply(text).map((part) => ({ text: part }));
}

function bestCut(text: string, limit: number): number {
  for (const seam of SEAMS) {
    const cut = lastSeam(text, seam, limit);
    if (cut > limit / 2) return cut;
  }
  return characterBoundary(text, limit);
}

function lastSeam(text: string, seam: RegExp, limit: number): number {
  let cut = 0;
  for (const match of text.slice(0, limit + 1).matchAll(seam)) {
    if (match.index <= limit) cut = match.index;
  }
  return cut;
}

/** The last boundary between user-perceived characters at or below the limit. */
function characterBoundary(text: string, limit: number): number {
  let cut = 0;
  for (const { index } of new Intl.Segmenter().segment(text.slice(0, limit + 64))) {
    if (index > limit) break;
    cut = index;
  }
  return cut > 0 ? cut : limit;
}
