import MarkdownIt, { type Token } from 'markdown-it';
import type { Block, Document, Inline, TableRow } from '#domain/markup/document.ts';
import { readInlines } from './read-inlines.ts';

/**
 * What a model writes is read in CommonMark with tables and `~~`, but for what would take its words away or
 * is rarely meant: reference definitions, code by indentation, `---` below a line as a heading. HTML is read
 * tag by tag within a line.
 */
const PARSER = new MarkdownIt('default', { html: true, linkify: true }).disable([
  'reference',
  'code',
  'lheading',
  'html_block',
  'text_join',
]);
// An address with its scheme is kept whole; what only looks like one is left to WhatsApp's apps.
PARSER.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// Addresses are shown to people, who read them as they were written.
PARSER.normalizeLink = (url) => url.replaceAll(' ', '%20');

/** Deeper, the parser leaves out what it holds. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){30}/m;
/** Many times what a model may say; it takes some milliseconds. */
const TOO_LONG = 100_000;

/** @returns undefined for a text that is not to be read as Markdown */
export function parseMarkdown(markdown: string): Document | undefined {
  if (markdown.length > TOO_LONG || TOO_DEEP.test(markdown)) return undefined;
  return new BlockReader(PARSER.parse(markdown, {}), markdown).readUntil(undefined);
}

/** Walks over the flat list of tokens, in which each open one has its close one. */
class BlockReader {
  readonly #tokens: readonly Token[];
  readonly #lines: readonly string[];
  #next = 0;

  constructor(tokens: readonly Token[], markdown: string) {
    this.#tokens = tokens;
    this.#lines = markdown.split(/\r\n?|\n/);
  }

  readUntil(close: string | undefined): Block[] {
    const blocks: Block[] = [];
    for (let token = this.#take(); token && token.type !== close; token = this.#take()) {
      const block = this.#readBlock(token);
      if (block) blocks.push(block);
    }
    return blocks;
  }

  #take(): Token | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    return token;
  }

  #readBlock(token: Token): Block | undefined {
    switch (token.type) {
      case 'paragraph_open':
        return { kind: 'paragraph', children: this.#inlinesUntil('paragraph_close') };
      case 'heading_open':
        return { kind: 'heading', children: this.#inlinesUntil('heading_close') };
      case 'fence':
        return { kind: 'code', text: token.content };
      case 'hr':
        return { kind: 'rule' };
      case 'blockquote_open':
        return { kind: 'quote', children: this.readUntil('blockquote_close') };
      case 'bullet_list_open':
        return { kind: 'list', start: undefined, items: this.#itemsUntil('bullet_list_close') };
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        return { kind: 'list', start, items: this.#itemsUntil('ordered_list_close') };
      }
      case 'table_open':
        return this.#readTable();
      default:
        return undefined;
    }
  }

  #inlinesUntil(close: string): Inline[] {
    const inlines: Inline[] = [];
    for (let token = this.#take(); token && token.type !== close; token = this.#take()) {
      inlines.push(...readInlines(token.children ?? []));
    }
    return inlines;
  }

  #itemsUntil(close: string): Block[][] {
    const items: Block[][] = [];
    for (let token = this.#take(); token && token.type !== close; token = this.#take()) {
      items.push(this.readUntil('list_item_close'));
    }
    return items;
  }

  #readTable(): Block {
    const rows: Inline[][][] = [];
    let line = '';
    for (let token = this.#take(); token && token.type !== 'table_close'; token = this.#take()) {
      if (token.type === 'tr_open') {
        rows.push([]);
        line = this.#lines[token.map?.[0] ?? -1] ?? '';
      }
      // The parser leaves out what a row has beyond the headings.
      if (token.type === 'tr_close' && rows.length > 1) {
        rows.at(-1)?.push(...surplusOf(line, rows[0]?.length ?? 0));
      }
      if (/^t[hd]_open$/.test(token.type)) {
        rows.at(-1)?.push(this.#inlinesUntil(token.type.replace('open', 'close')));
      }
    }
    const [head = [], ...others]: TableRow[] = rows;
    return { kind: 'table', head, rows: others };
  }
}

/** Cells of a row that its table has no headings for, as where a bar within code parts it. */
function surplusOf(line: string, columns: number): Inline[][] {
  const cells = line
    .replace(/^[\s>]*\|?|\|?\s*$/g, '')
    .split(/(?<!\\)\|/)
    .slice(columns);
  return cells
    .filter((cell) => cell.trim() !== '')
    .map((cell) => [...readInlines(PARSER.parseInline(cell.trim(), {})[0]?.children ?? [])]);
}
