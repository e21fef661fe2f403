import type { Block, Document, Inline } from './document.ts';
import { linesOf, type Piece } from './pieces.ts';
import { settleLine, withoutFences } from './settle-line.ts';
import { tableItems } from './table-items.ts';

/** Bullets by depth: WhatsApp itself knows no list in a list. */
const BULLETS = ['-', '◦', '▪'];
const RULE = '———';
/** Deeper than anybody reads on a phone; the words are kept, without a further step to the right. */
const DEEPEST = 6;

/** A document in the formatting that WhatsApp's apps show; whatever they do not have is said in words. */
export function toWhatsApp(document: Document): string {
  return joinBlocks(document, 0).join('\n').trim();
}

/** Blocks stand apart, but a heading with what it is over, and a list with what leads to it. */
function joinBlocks(blocks: readonly Block[], depth: number): readonly string[] {
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const written = writeBlock(block, depth);
    if (written.length === 0) continue;
    const before = blocks[index - 1];
    const belongs =
      before?.kind === 'heading' ||
      (before?.kind === 'paragraph' && (block.kind === 'list' || block.kind === 'table'));
    if (lines.length > 0 && !belongs && depth === 0) lines.push('');
    lines.push(...written);
  }
  return lines;
}

function writeBlock(block: Block, depth: number): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return writeInlines(block.children);
    case 'heading':
      return writeInlines([{ kind: 'bold', children: block.children }]);
    case 'code':
      return writeCode(block.text);
    case 'quote':
      return writeQuote(block.children, depth);
    case 'list':
      return writeList(block, depth);
    case 'table':
      return joinBlocks(tableItems(block), depth);
    case 'rule':
      return [RULE];
  }
}

function writeInlines(inlines: readonly Inline[]): readonly string[] {
  return linesOf(inlines)
    .map((pieces: readonly Piece[]) => settleLine(pieces).trim())
    .filter((line) => line !== '');
}

/** One string, though it may have several lines: nothing is put before them. */
function writeCode(text: string): readonly string[] {
  const code = withoutFences(text.replace(/^\n+|\s+$/g, ''));
  return code.trim() === '' ? [] : [`\`\`\`${code}\`\`\``];
}

function writeQuote(children: readonly Block[], depth: number): readonly string[] {
  const lines = joinBlocks(children, depth).filter((line) => line !== '');
  return lines.map((line) => (/^(?:```|> )/.test(line) ? line : `> ${line}`));
}

function writeList(
  { start, items }: Extract<Block, { kind: 'list' }>,
  depth: number,
): readonly string[] {
  const indent = '  '.repeat(Math.min(depth, DEEPEST));
  return items.flatMap((item, index) => {
    const marker =
      start === undefined
        ? (BULLETS[Math.min(depth, BULLETS.length - 1)] ?? '-')
        : `${start + index}.`;
    const [first, ...rest] = joinBlocks(item, depth + 1);
    if (first === undefined) return [];
    const isOpened = !/^(?:\s|```)/.test(first);
    const lead = isOpened ? `${indent}${marker} ${ticked(first)}` : `${indent}${marker}`;
    const others = isOpened ? rest : [first, ...rest];
    return [lead, ...others.map((line) => (isPlaced(line) ? line : `${indent}  ${line}`))];
  });
}

/** Whether a line has its place already: one of an inner list, or code. */
function isPlaced(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('```');
}

/** A list of things to be done. */
function ticked(line: string): string {
  return line.replace(/^\[ \] /, '☐ ').replace(/^\[[xX]\] /, '☑ ');
}
