import { type FormatSpan, readFormatting } from '#domain/whatsapp/formatting.ts';
import type { Bubble } from './bubble.ts';

/**
 * Longest text body that WhatsApp takes (Cloud API, text messages). Meta does not say what it counts; UTF-16
 * units are never fewer than characters, so a text within this is within either: a refused text would be a
 * lost reply, and one cut a few emoji too early is a cheap bubble.
 */
export const TEXT_LIMIT = 4096;

/** Where a long text is best cut, best first: a paragraph, a line, a sentence, a word. */
const SEAMS = [/\n{2,}/g, /\n/g, /(?<=[.!?…。！？])\s+/g, /\s+/g];

/** Of the marks that a cut closes: of code, or of each style that WhatsApp has. */
const LONGEST_CLOSING = 6;

/**
 * The reply as bubbles. One wherever it fits, since Meta bills each; otherwise cut at the best seam in the
 * second half of what fits, and never inside a character or an address. Formatting that a cut goes through
 * is closed before it and opened again after it.
 */
export function splitReply(text: string, limit = TEXT_LIMIT): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const [part, others] = cutOff(rest, limit);
    if (part) parts.push(part);
    rest = others;
  }
  if (rest) parts.push(rest);
  return parts;
}

/** A text as bubbles that hold nothing else. */
export function bubblesOf(text: string): readonly Bubble[] {
  return splitReply(text).map((part) => ({ text: part }));
}

function cutOff(text: string, limit: number): readonly [part: string, rest: string] {
  const spans = readFormatting(text);
  const whole = cutAt(text, bestCut(text, spans, limit), spans);
  const beyond = whole[0].length - limit;
  if (beyond <= 0) return whole;
  const shorter = cutAt(text, bestCut(text, spans, limit - beyond), spans);
  if (shorter[0].length <= limit) return shorter;
  return cutAt(text, bestCut(text, spans, limit - LONGEST_CLOSING), spans);
}

function cutAt(
  text: string,
  cut: number,
  spans: readonly FormatSpan[],
): readonly [part: string, rest: string] {
  const open = spans.filter((span) => goesThrough(span, cut)).map(({ mark }) => mark);
  const isCode = open.includes('```');
  const before = text.slice(0, cut);
  const after = text.slice(cut);
  const part = isCode ? before.replace(/\n+$/, '') : before.trimEnd();
  const rest = isCode ? after.replace(/^\n+/, '') : after.trimStart();
  const quote = isCode ? '' : quoteAt(text, cut, rest);
  return [part + open.toReversed().join(''), quote + open.join('') + rest];
}

/** What goes on within a line that is quoted is quoted too. */
function quoteAt(text: string, cut: number, rest: string): string {
  const begin = text.lastIndexOf('\n', cut - 1) + 1;
  const isWithin =
    text.startsWith(QUOTE, begin) && cut > begin && !/^\s*(?:\n|$)/.test(text.slice(cut));
  return isWithin && rest !== '' ? QUOTE : '';
}

const QUOTE = '> ';

/** Whether the cut leaves something of what is formatted on both sides. */
function goesThrough({ start, end, mark }: FormatSpan, cut: number): boolean {
  return cut > start + mark.length && cut < end - mark.length;
}

/** Formatting stays in one piece if there is another seam, and a block of code is cut between its lines. */
function bestCut(text: string, spans: readonly FormatSpan[], limit: number): number {
  const within = spans.filter(({ start, end }) => start < limit && end > limit / 2);
  const isFree = (cut: number) => !within.some(({ start, end }) => cut > start && cut < end);
  const isWhole = (cut: number) => !within.some((span) => cutsMark(span, cut));
  for (const mayCut of [isFree, isWhole]) {
    for (const seam of SEAMS) {
      const cut = lastSeam(text, seam, limit, mayCut);
      if (cut > limit / 2) return cut;
    }
  }
  return characterBoundary(text, within, limit);
}

/** Between its marks and what they are around there is no seam. */
function cutsMark(span: FormatSpan, cut: number): boolean {
  return cut > span.start && cut < span.end && !goesThrough(span, cut);
}

function lastSeam(
  text: string,
  seam: RegExp,
  limit: number,
  mayCut: (cut: number) => boolean,
): number {
  let cut = 0;
  for (const { index } of text.slice(0, limit + 1).matchAll(seam)) {
    if (index <= limit && mayCut(index)) cut = index;
  }
  return cut;
}

const ADDRESS = /https?:\/\/\S+/g;

/** The last boundary between user-perceived characters at or below the limit; before an address, if any. */
function characterBoundary(text: string, spans: readonly FormatSpan[], limit: number): number {
  const visible = text.slice(0, limit + 64);
  const addresses = [...visible.matchAll(ADDRESS)].map(({ index, 0: address }) => ({
    start: index,
    end: index + address.length,
  }));
  let cut = 0;
  let fallback = 0;
  for (const { index } of new Intl.Segmenter().segment(visible)) {
    if (index > limit) break;
    if (spans.some((span) => cutsMark(span, index))) continue;
    fallback = index;
    if (!addresses.some(({ start, end }) => index > start && index < end)) cut = index;
  }
  return cut || fallback || limit;
}
