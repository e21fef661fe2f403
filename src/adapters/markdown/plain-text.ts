import type { Block, Document, Inline } from '#domain/markup/document.ts';

/** Signs that mean nothing in Markdown, in HTML or in an address, wherever they stand within a line. */
const WORDS = /^[\p{L}\p{M}\p{N}\p{So}\p{Sc} .,;:!?'"()%‘’“”„«»…–—-]*$/u;
/** What begins a list or a rule. */
const MARKED = /^ *(?:-|\d{1,9}[.)])/;
const LONGEST = 4_096;

/** @returns what the parser makes of a text without any mark, for which it need not be loaded; undefined for another */
export function readPlainText(text: string): Document | undefined {
  if (text.length > LONGEST) return undefined;
  const lines = text.split('\n');
  if (!lines.every((line) => WORDS.test(line) && !MARKED.test(line))) return undefined;
  const blocks: Block[] = [];
  let children: Inline[] = [];
  for (const line of [...lines.map((each) => each.trim()), '']) {
    if (line !== '') {
      if (children.length > 0) children.push({ kind: 'break' });
      children.push({ kind: 'text', text: line });
    } else if (children.length > 0) {
      blocks.push({ kind: 'paragraph', children });
      children = [];
    }
  }
  return blocks;
}
