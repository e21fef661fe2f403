import type { Failure, Row, Section, Target } from './section.ts';

/** A section as Markdown: docs/performance.md has it between its marks, and a terminal shows it as well. */
export function inMarkdown({ title, explains, columns, rows, targets }: Section): string {
  const parts = [`### ${title}`, explains, table(columns, rows)];
  if (targets.length > 0) parts.push(targets.map((each) => `- ${verdict(each)}`).join('\n'));
  return parts.join('\n\n');
}

export function isMet({ is, atMost, atLeast }: Target): boolean {
  // NaN, of what was not measured, meets nothing.
  return (
    !Number.isNaN(is) &&
    (atMost === undefined || is <= atMost) &&
    (atLeast === undefined || is >= atLeast)
  );
}

/** In one line, for whoever looks at the end of a long output. */
export function summaryOf(sections: readonly Section[], failures: readonly Failure[] = []): string {
  return [...failures.map(failureInWords), targetsInWords(sections)].join('\n');
}

function targetsInWords(sections: readonly Section[]): string {
  const targets = sections.flatMap((section) => section.targets);
  const missed = targets.filter((each) => !isMet(each));
  if (targets.length === 0) return 'No target was measured.';
  if (missed.length === 0) return 'Every target that was measured is met.';
  const names = missed.map(({ what }) => what).join('; ');
  return `${missed.length} of ${targets.length} targets are missed: ${names}.`;
}

/** In one line, with what to do next. */
function failureInWords({ name, why }: Failure): string {
  const [reason = ''] = why.split('\n', 1);
  return `${name} could not be measured: ${reason.replace(/[.:]$/, '')}. What it wrote is above; to measure it again: npm run bench -- --only ${name}`;
}

function verdict(target: Target): string {
  const { what, is, atMost, atLeast } = target;
  const wanted = [
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
  ].join(', ');
  return `${isMet(target) ? 'met' : '**missed**'}: ${what}: ${inDigits(is)} (${wanted})`;
}

function table(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map(({ name, cells }) => [name, ...cells.map(inCell)]);
  const all = [[...columns], ...lines];
  const widths = columns.map((_, column) =>
    Math.max(3, ...all.map((line) => line[column]?.length ?? 0)),
  );
  const [head, ...body] = all.map(
    (line) =>
      `| ${widths.map((width, column) => aligned(line[column] ?? '', width, column)).join(' | ')} |`,
  );
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [head, `| ${rule.join(' | ')} |`, ...body].join('\n');
}

function aligned(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

function inCell(cell: Row['cells'][number]): string {
  if (cell === undefined) return '–';
  return typeof cell === 'number' ? inDigits(cell) : cell;
}

/** Three digits say all that a measurement can. */
function inDigits(value: number): string {
  if (Number.isNaN(value)) return 'not measured';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
