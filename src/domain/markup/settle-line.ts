import { type FormatSpan, readFormatting } from '#domain/whatsapp/formatting.ts';
import type { Piece } from './pieces.ts';

/** Far more than a line of a reply needs; an odd one loses its formatting then, and no word. */
const MOST_ROUNDS = 24;

/** Look like the marks that WhatsApp would read as formatting, and are neither marks nor letters. */
const LIKE_MARKS: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼', '`': '‵' };

/**
 * The line as WhatsApp's apps read it. A style that they would not show where it is wanted, as in the middle
 * of a word, is left out; words that they would take for formatting are kept from it.
 */
export function settleLine(pieces: readonly Piece[]): string {
  let current = pieces;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = corrected(current);
    if (next === current) return place(current).text;
    current = next;
  }
  const bare = pieces.filter(({ kind }) => kind !== 'mark');
  return bare.map((piece) => disguise(piece, () => true)).join('');
}

interface Placed {
  readonly text: string;
  readonly starts: readonly number[];
}

function place(pieces: readonly Piece[]): Placed {
  let text = '';
  const starts = pieces.map((piece) => {
    const start = text.length;
    text += writtenOf(piece);
    return start;
  });
  return { text, starts };
}

function writtenOf(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
    case 'url':
      return piece.text;
    case 'code':
      return codeOf(piece.text);
    case 'mark':
      return piece.mark;
  }
}

/** Code that holds a mark of its own cannot stand in a line; a block of it can. */
function codeOf(code: string): string {
  const text = code.replace(/\s+/g, ' ').trim();
  if (text === '') return '';
  if (!text.includes('`')) return `\`${text}\``;
  return `\`\`\`${withoutFences(text)}\`\`\``;
}

/** What would end the block is shown by marks that look the same. */
export function withoutFences(code: string): string {
  return code
    .replaceAll('```', LIKE_MARKS['`']?.repeat(3) ?? '')
    .replace(/^`+|`+$/g, (marks) => LIKE_MARKS['`']?.repeat(marks.length) ?? '');
}

/** @returns the very same pieces where they are read as they are meant */
function corrected(pieces: readonly Piece[]): readonly Piece[] {
  const placed = place(pieces);
  const read = readFormatting(placed.text);
  const meant = meantSpans(pieces, placed);
  const keys = new Set(meant.map(({ span }) => keyOf(span)));
  const strange = read.filter((span) => !keys.has(keyOf(span)));
  const disguised = withDisguises(pieces, placed, strange);
  if (disguised) return disguised;
  const seen = new Set(read.map(keyOf));
  const lost = meant.find(({ span, pair }) => pair !== undefined && !seen.has(keyOf(span)));
  if (!lost) return pieces;
  return pieces.filter((piece) => piece.kind !== 'mark' || piece.pair !== lost.pair);
}

function keyOf({ start, end, mark }: FormatSpan): string {
  return `${start} ${end} ${mark}`;
}

interface Meant {
  readonly span: FormatSpan;
  /** Of a style, which can be left out. */
  readonly pair: number | undefined;
}

function meantSpans(pieces: readonly Piece[], { starts }: Placed): readonly Meant[] {
  const opened = new Map<number, number>();
  return pieces.flatMap((piece, index): readonly Meant[] => {
    const start = starts[index] ?? 0;
    if (piece.kind === 'code') {
      const written = writtenOf(piece);
      if (written === '') return [];
      const mark = written.startsWith('```') ? '```' : '`';
      return [{ span: { start, end: start + written.length, mark }, pair: undefined }];
    }
    if (piece.kind !== 'mark') return [];
    const { mark, pair } = piece;
    const open = opened.get(pair);
    if (open === undefined) {
      opened.set(pair, start);
      return [];
    }
    return [{ span: { start: open, end: start + mark.length, mark }, pair }];
  });
}

/** @returns undefined where none of the words is to blame */
function withDisguises(
  pieces: readonly Piece[],
  { starts }: Placed,
  strange: readonly FormatSpan[],
): readonly Piece[] | undefined {
  const edges = new Set(
    strange.flatMap(({ start, end, mark }) =>
      [...mark].flatMap((_, offset) => [start + offset, end - 1 - offset]),
    ),
  );
  if (edges.size === 0) return undefined;
  let isChanged = false;
  const disguised = pieces.map((piece, index): Piece => {
    if (piece.kind !== 'text' && piece.kind !== 'url') return piece;
    const start = starts[index] ?? 0;
    const text = disguise(piece, (at) => edges.has(start + at));
    if (text === piece.text) return piece;
    isChanged = true;
    return { ...piece, text };
  });
  return isChanged ? disguised : undefined;
}

/**
 * All of a row of marks, as in a form that is to be filled in. In an address a mark becomes what stands for
 * it there: it leads to the same place.
 */
function disguise(piece: Piece, isMeant: (at: number) => boolean): string {
  if (piece.kind !== 'text' && piece.kind !== 'url') return writtenOf(piece);
  return piece.text.replace(/\*+|_+|~+|`+/g, (row, at: number) => {
    const isAny = [...row].some((_, offset) => isMeant(at + offset));
    if (!isAny) return row;
    const mark = row.charAt(0);
    const inAddress = `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
    return (piece.kind === 'url' ? inAddress : (LIKE_MARKS[mark] ?? mark)).repeat(row.length);
  });
}
