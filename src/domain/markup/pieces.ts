import type { Mark } from '#domain/whatsapp/formatting.ts';
import { type Inline, wordsOf } from './document.ts';

/**
 * Part of a line that is to be shown:
 * - `text`, `url`: words as they are, in which WhatsApp should read no formatting
 * - `code`: between marks of its own
 * - `mark`: opens or closes a style; both of a pair have its number
 */
export type Piece =
  | { readonly kind: 'text' | 'url' | 'code'; readonly text: string }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly pair: number };

const MARKS = { bold: '*', italic: '_', struck: '~' } as const;

/** The lines of a paragraph. A style does not reach beyond a line, so it is opened again in the next. */
export function linesOf(inlines: readonly Inline[]): readonly (readonly Piece[])[] {
  const writer = new LineWriter();
  writer.write(inlines);
  return writer.lines;
}

class LineWriter {
  readonly lines: Piece[][] = [[]];
  #open: { readonly mark: Mark; readonly pair: number }[] = [];
  #pairs = 0;

  write(inlines: readonly Inline[]): void {
    for (const inline of inlines) {
      switch (inline.kind) {
        case 'text':
          this.#add(...textPieces(inline.text));
          break;
        case 'code':
          this.#add({ kind: 'code', text: inline.text });
          break;
        case 'break':
          this.#newLine();
          break;
        case 'link':
          this.#writeLink(inline.url, inline.children);
          break;
        case 'bold':
        case 'italic':
        case 'struck':
          this.#writeStyled(MARKS[inline.kind], inline.children);
          break;
      }
    }
  }

  #writeStyled(mark: Mark, children: readonly Inline[]): void {
    if (this.#open.some((each) => each.mark === mark)) {
      this.write(children);
      return;
    }
    this.#openStyle(mark);
    this.write(children);
    this.#closeStyles(this.#open.splice(-1));
  }

  /** Where the words are the address anyway, it stands alone. */
  #writeLink(url: string, children: readonly Inline[]): void {
    const words = wordsOf(children).trim();
    if (words === '' || bare(words) === bare(url)) {
      this.#add({ kind: 'url', text: url });
      return;
    }
    this.write(children);
    const inBrackets = url.replaceAll('(', '%28').replaceAll(')', '%29');
    this.#add(
      { kind: 'text', text: ' (' },
      { kind: 'url', text: inBrackets },
      { kind: 'text', text: ')' },
    );
  }

  #newLine(): void {
    const open = this.#open;
    this.#closeStyles(open);
    this.lines.push([]);
    this.#open = [];
    for (const { mark } of open) this.#openStyle(mark);
  }

  #openStyle(mark: Mark): void {
    const style = { mark, pair: this.#pairs };
    this.#pairs += 1;
    this.#open.push(style);
    this.#add({ kind: 'mark', ...style });
  }

  #closeStyles(styles: readonly { readonly mark: Mark; readonly pair: number }[]): void {
    for (const style of styles.toReversed()) this.#add({ kind: 'mark', ...style });
  }

  #add(...pieces: readonly Piece[]): void {
    this.lines.at(-1)?.push(...pieces);
  }
}

/** As an address is compared with the words that stand for it. */
function bare(address: string): string {
  return address
    .replace(/^(?:https?:\/\/|mailto:|tel:)/i, '')
    .replace(/\/$/, '')
    .toLowerCase();
}

/** Such as a payment code: some apps eat the marks in the middle of it, so it is shown as code. */
const MARKED_INSIDE = /[\p{L}\p{N}](?:\*{2,}|_{2,}|~{2,})[\p{L}\p{N}]/u;

function textPieces(text: string): readonly Piece[] {
  if (text === '') return [];
  if (!MARKED_INSIDE.test(text)) return [{ kind: 'text', text }];
  return text.split(/(\s+)/).map((word) => {
    const isCode = MARKED_INSIDE.test(word) && !word.includes('`');
    return { kind: isCode ? 'code' : 'text', text: word };
  });
}
