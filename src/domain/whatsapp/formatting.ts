/** What WhatsApp reads as formatting: bold, italics, struck through, code in a line, a block of code. */
export type Mark = '*' | '_' | '~' | '`' | '```';

/** A formatted piece of a text: from the first character of its opening mark to after its closing one. */
export interface FormatSpan {
  readonly start: number;
  readonly end: number;
  readonly mark: Mark;
}

const STYLES = ['*', '_', '~'] as const;

/**
 * Where WhatsApp's apps show formatting. Code is taken as it stands; another mark opens after the edge of a
 * word and before its first character, closes the other way round, and does not reach beyond its line.
 * @returns in the order of their beginnings, an outer one before what it holds
 */
export function readFormatting(text: string): readonly FormatSpan[] {
  const code = readCode(text);
  const lines = linesAround(text, code);
  const styled = STYLES.flatMap((mark) => lines.flatMap((line) => readStyle(line, mark)));
  return [...code, ...styled].sort((one, other) => one.start - other.start || other.end - one.end);
}

const CODE = /```(?!`)[\s\S]+?```|`[^`\n]+`/g;

function readCode(text: string): readonly FormatSpan[] {
  const lastFence = text.lastIndexOf('```');
  // Without a fence that could close it, each opening one would look through the whole rest.
  const pattern = lastFence < 0 ? /`[^`\n]+`/g : CODE;
  const spans: FormatSpan[] = [];
  for (const { index, 0: found } of text.matchAll(pattern)) {
    const mark = found.startsWith('```') ? '```' : '`';
    spans.push({ start: index, end: index + found.length, mark });
  }
  return spans;
}

/** A line with its code blanked out, and where it begins. */
interface Line {
  readonly text: string;
  readonly at: number;
}

/** Stands for code: neither a space nor part of a word nor a mark. */
const BLANK = '\u{fffc}';

function linesAround(text: string, code: readonly FormatSpan[]): readonly Line[] {
  let blanked = '';
  let from = 0;
  for (const { start, end } of code) {
    const held = text.slice(start, end).replace(/[^\n]/g, BLANK);
    blanked += text.slice(from, start) + held;
    from = end;
  }
  blanked += text.slice(from);
  let at = 0;
  return blanked.split('\n').map((line) => {
    const placed = { text: line, at };
    at += line.length + 1;
    return placed;
  });
}

function readStyle({ text, at }: Line, mark: (typeof STYLES)[number]): readonly FormatSpan[] {
  const spans: FormatSpan[] = [];
  let from = text.indexOf(mark);
  while (from >= 0) {
    if (opensAt(text, from)) {
      const close = closingAfter(text, from, mark);
      if (close < 0) break;
      spans.push({ start: at + from, end: at + close + 1, mark });
      from = close;
    }
    from = text.indexOf(mark, from + 1);
  }
  return spans;
}

function closingAfter(line: string, open: number, mark: string): number {
  let close = line.indexOf(mark, open + 2);
  while (close >= 0 && !closesAt(line, close)) close = line.indexOf(mark, close + 1);
  return close;
}

function opensAt(line: string, index: number): boolean {
  const next = line[index + 1];
  return next !== undefined && /\S/.test(next) && !WORD_BEFORE.test(before(line, index));
}

function closesAt(line: string, index: number): boolean {
  return /\S$/.test(before(line, index)) && !WORD_AFTER.test(line.slice(index + 1, index + 3));
}

const WORD_BEFORE = /[\p{L}\p{N}]$/u;
const WORD_AFTER = /^[\p{L}\p{N}]/u;

/** Two units, since a letter may be a pair of surrogates. */
function before(line: string, index: number): string {
  return line.slice(Math.max(0, index - 2), index);
}

/** A text of ours as the model wrote such things: shown WhatsApp's marks, it would write them too. */
export function asMarkdown(text: string): string {
  const marks = readFormatting(text).flatMap((span) => {
    const { start, end, mark } = span;
    const [open, close] = inMarkdown(text, span);
    return [
      { at: start, length: mark.length, written: open },
      { at: end - mark.length, length: mark.length, written: close },
    ];
  });
  marks.sort((one, other) => one.at - other.at);
  let markdown = '';
  let from = 0;
  for (const { at, length, written } of marks) {
    markdown += text.slice(from, at) + written;
    from = at + length;
  }
  return markdown + text.slice(from);
}

function inMarkdown(
  text: string,
  { start, end, mark }: FormatSpan,
): readonly [open: string, close: string] {
  switch (mark) {
    case '*':
      return ['**', '**'];
    case '~':
      return ['~~', '~~'];
    case '_':
    case '`':
      return [mark, mark];
    case '```': {
      const isBlock =
        (start === 0 || text[start - 1] === '\n') && /^(?:\n|$)/.test(text.slice(end, end + 1));
      return isBlock ? ['```\n', '\n```'] : ['`` ', ' ``'];
    }
  }
}
