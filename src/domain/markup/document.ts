/** A formatted text as a tree, whatever notation it was written in. */
export type Document = readonly Block[];

export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  /** `start`: the first number of an ordered one. */
  | {
      readonly kind: 'list';
      readonly start: number | undefined;
      readonly items: readonly (readonly Block[])[];
    }
  /** Rows of cells; the head may be of empty cells. */
  | { readonly kind: 'table'; readonly head: TableRow; readonly rows: readonly TableRow[] }
  | { readonly kind: 'rule' };

export type TableRow = readonly (readonly Inline[])[];

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | {
      readonly kind: 'bold' | 'italic' | 'struck';
      readonly children: readonly Inline[];
    }
  /** Also a picture, whose words describe it. */
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: 'break' };

/** The words alone. */
export function wordsOf(inlines: readonly Inline[]): string {
  return inlines.map(wordsIn).join('');
}

function wordsIn(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return inline.text;
    case 'break':
      return ' ';
    case 'bold':
    case 'italic':
    case 'struck':
    case 'link':
      return wordsOf(inline.children);
  }
}
