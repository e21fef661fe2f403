/** A table of Markdown; what is not in the first column stands to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** As exact as somebody can use it: two digits of what is small, whole numbers of the rest. */
export function about(value: number): string {
  if (value >= 100) return whole(value);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

export function seconds(value: number): string {
  if (value >= 120) return `${about(value / 60)} min`;
  if (value >= 10) return `${whole(value)} s`;
  return value < 0.05 ? '0 s' : `${value.toFixed(1)} s`;
}

/** As large numbers are spoken of: 400 thousand, 1.2 million. */
export function roughly(value: number): string {
  if (value >= 1e6) return `${about(value / 1e6)} million`;
  if (value >= 1e4) return `${whole(value / 1e3)} thousand`;
  return whole(value);
}
