import type { Token } from 'markdown-it';
import { type Inline, wordsOf } from '#domain/markup/document.ts';
import { readTag } from './html-tags.ts';
import { marksOfSums } from './marks-of-sums.ts';

type Styled = 'bold' | 'italic' | 'struck';
type Wrap = (children: readonly Inline[]) => readonly Inline[];

/** Something that is open: by Markdown, which closes it for sure, or by a tag. */
interface Frame {
  readonly tag: string | undefined;
  readonly wrap: Wrap;
  readonly children: Inline[];
}

const STYLES: Readonly<Record<string, Styled>> = { strong: 'bold', em: 'italic', s: 'struck' };

const asTheyAre: Wrap = (children) => children;

/** The words of a line with their styles. */
export function readInlines(tokens: readonly Token[]): readonly Inline[] {
  const builder = new InlineBuilder();
  const plain = marksOfSums(tokens);
  for (const [index, token] of tokens.entries()) {
    if (plain.has(index)) builder.add({ kind: 'text', text: token.markup });
    else builder.read(token);
  }
  return builder.finish();
}

class InlineBuilder {
  readonly #root: Frame = { tag: undefined, wrap: asTheyAre, children: [] };
  readonly #frames: Frame[] = [];

  read(token: Token): void {
    switch (token.type) {
      case 'text':
        this.add(...withLeftOverBold(token.content));
        return;
      case 'code_inline':
        this.add({ kind: 'code', text: token.content });
        return;
      case 'softbreak':
      case 'hardbreak':
        this.add({ kind: 'break' });
        return;
      case 'image':
        this.add(...linkTo(token.attrGet('src'), readInlines(token.children ?? [])));
        return;
      case 'html_inline':
        this.#readTag(token.content);
        return;
      case 'link_open':
        this.#open(undefined, (children) => linkTo(token.attrGet('href'), children));
        return;
      default:
        this.#readOther(token);
    }
  }

  finish(): readonly Inline[] {
    while (this.#frames.length > 0) this.#dissolve();
    return this.#root.children;
  }

  #readOther({ nesting, tag, content }: Token): void {
    const style = STYLES[tag];
    if (nesting > 0) this.#open(undefined, style ? styledAs(style) : asTheyAre);
    else if (nesting < 0) this.#closeMarkdown();
    else if (content) this.add({ kind: 'text', text: content });
  }

  #readTag(html: string): void {
    const tag = readTag(html);
    switch (tag.kind) {
      case 'words':
        this.add(...tag.inlines);
        return;
      case 'open':
        this.#open(tag.name, wrapOf(tag.name, tag.href));
        return;
      case 'close':
        this.#closeTag(tag.name);
    }
  }

  #open(tag: string | undefined, wrap: Wrap): void {
    this.#frames.push({ tag, wrap, children: [] });
  }

  #closeMarkdown(): void {
    while (this.#frames.at(-1)?.tag !== undefined) this.#dissolve();
    this.#close();
  }

  /** Only within what Markdown has opened last; a tag that nothing opened is dropped. */
  #closeTag(name: string): void {
    const opened = this.#frames.findLastIndex(({ tag }) => tag === undefined || tag === name);
    if (opened < 0 || this.#frames[opened]?.tag === undefined) return;
    while (this.#frames.length > opened + 1) this.#dissolve();
    this.#close();
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame) this.add(...frame.wrap(frame.children));
  }

  /** Never closed, so it styles nothing. */
  #dissolve(): void {
    this.add(...(this.#frames.pop()?.children ?? []));
  }

  /** Words that follow each other become one. */
  add(...inlines: readonly Inline[]): void {
    const { children } = this.#frames.at(-1) ?? this.#root;
    for (const inline of inlines) {
      const before = children.at(-1);
      if (inline.kind === 'text' && before?.kind === 'text') {
        children.splice(-1, 1, { kind: 'text', text: before.text + inline.text });
      } else children.push(inline);
    }
  }
}

function styledAs(kind: Styled): Wrap {
  return (children) => [{ kind, children }];
}

const STYLE_TAGS: Readonly<Record<string, Styled>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'struck',
  del: 'struck',
  strike: 'struck',
};

function wrapOf(tag: string, href: string | undefined): Wrap {
  const style = Object.hasOwn(STYLE_TAGS, tag) ? STYLE_TAGS[tag] : undefined;
  if (style) return styledAs(style);
  if (tag === 'a') return (children) => linkTo(href, children);
  return tag === 'code' || tag === 'kbd' || tag === 'samp'
    ? (children) => [{ kind: 'code', text: wordsOf(children) }]
    : asTheyAre;
}

/** An address that leads nowhere outside the document is left out; the words stay. */
function linkTo(
  address: string | number | null | undefined,
  children: readonly Inline[],
): readonly Inline[] {
  const url = String(address ?? '').trim();
  if (/^https?:\/\/[^\s]+$/i.test(url)) return [{ kind: 'link', url, children }];
  const [, plain] = /^(?:mailto|tel):([^?\s]+)/i.exec(url) ?? [];
  return plain ? [{ kind: 'link', url: plain, children }] : children;
}

/**
 * CommonMark takes no `**` for bold that ends in a sign and has a letter behind it, as many a model writes
 * in languages without spaces. It is meant all the same.
 */
const LEFT_OVER = /(?<!\*)\*\*(?![\s*])([^*\n]+?)(?<!\s)\*\*(?!\*)/g;

function withLeftOverBold(text: string): readonly Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const { index, 0: found, 1: words = '' } of text.matchAll(LEFT_OVER)) {
    if (index > from) inlines.push({ kind: 'text', text: text.slice(from, index) });
    inlines.push({ kind: 'bold', children: [{ kind: 'text', text: words }] });
    from = index + found.length;
  }
  if (from < text.length) inlines.push({ kind: 'text', text: text.slice(from) });
  return inlines;
}
