import { type Block, type Inline, type TableRow, wordsOf } from './document.ts';

/**
 * A table as a list, since WhatsApp has none: of two columns a row is `left: right` under both headings; of
 * more, the first cell leads and each other stands below it with its own heading.
 */
export function tableItems({ head, rows }: Extract<Block, { kind: 'table' }>): readonly Block[] {
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  return columns <= 2 ? narrow(head, rows) : wide(head, rows);
}

function narrow(head: TableRow, rows: readonly TableRow[]): readonly Block[] {
  const title = head.filter(hasWords);
  const heading: Block = { kind: 'heading', children: joined(title, ' – ') };
  const items = rows.map((row) => [paragraph(joined(row.filter(hasWords), ': '))]);
  return [heading, { kind: 'list', start: undefined, items }];
}

function wide(head: TableRow, rows: readonly TableRow[]): readonly Block[] {
  const items = rows.map(([first = [], ...others], index): readonly Block[] => {
    const below = others.flatMap((cell, column): readonly Block[][] => {
      if (!hasWords(cell)) return [];
      return [[paragraph(labelled(head[column + 1], cell))]];
    });
    const lead = hasWords(first) ? first : [text(`${index + 1}`)];
    return [
      paragraph(labelled(head[0], [{ kind: 'bold', children: lead }])),
      { kind: 'list', start: undefined, items: below },
    ];
  });
  if (items.length > 0) return [{ kind: 'list', start: undefined, items }];
  return [{ kind: 'heading', children: joined(head.filter(hasWords), ' – ') }];
}

function labelled(
  label: readonly Inline[] | undefined,
  cell: readonly Inline[],
): readonly Inline[] {
  return label && hasWords(label)
    ? [...onOneLine(label), text(': '), ...onOneLine(cell)]
    : onOneLine(cell);
}

function joined(cells: TableRow, between: string): readonly Inline[] {
  return cells.flatMap((cell, index) =>
    index === 0 ? onOneLine(cell) : [text(between), ...onOneLine(cell)],
  );
}

function onOneLine(cell: readonly Inline[]): readonly Inline[] {
  return cell.map((inline) => (inline.kind === 'break' ? text(' / ') : inline));
}

function hasWords(cell: readonly Inline[]): boolean {
  return wordsOf(cell).trim() !== '' || cell.some(({ kind }) => kind === 'link');
}

function paragraph(children: readonly Inline[]): Block {
  return { kind: 'paragraph', children };
}

function text(words: string): Inline {
  return { kind: 'text', text: words };
}
