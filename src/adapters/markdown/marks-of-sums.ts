import type { Token } from 'markdown-it';

const EMPHASIS = ['em_open', 'strong_open', 'em_close', 'strong_close'];

/**
 * Where emphasis is none: within a word or a sum, as in `2*3*4`, a mark stands for itself. Of `**` that is
 * sure between digits only: somebody may want a part of a word in bold.
 * @returns the places of such tokens
 */
export function marksOfSums(tokens: readonly Token[]): ReadonlySet<number> {
  const open: number[] = [];
  const plain = new Set<number>();
  for (const [index, { type, nesting, markup }] of tokens.entries()) {
    if (!EMPHASIS.includes(type)) continue;
    if (nesting > 0) {
      open.push(index);
      continue;
    }
    const opened = open.pop();
    if (opened === undefined || !markup.startsWith('*')) continue;
    const within = markup === '*' ? /[\p{L}\p{N}]/u : /\p{N}/u;
    const before = lettersBefore(tokens, opened).at(-1);
    const [after] = lettersAfter(tokens, index);
    if (before && after && within.test(before) && within.test(after)) plain.add(opened).add(index);
  }
  return plain;
}

/** As characters, not units: a letter may be a pair of surrogates. */
function lettersBefore(tokens: readonly Token[], index: number): readonly string[] {
  let at = index - 1;
  while (isMark(tokens[at])) at -= 1;
  return [...(tokens[at]?.content.slice(-2) ?? '')];
}

function lettersAfter(tokens: readonly Token[], index: number): readonly string[] {
  let at = index + 1;
  while (isMark(tokens[at])) at += 1;
  return [...(tokens[at]?.content.slice(0, 2) ?? '')];
}

function isMark(token: Token | undefined): boolean {
  if (!token) return false;
  return token.nesting !== 0 || (token.type === 'text' && token.content === '');
}
