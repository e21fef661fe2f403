import { readFileSync, writeFileSync } from 'node:fs';

/** A part of a document that a command writes, between `<!-- <command> -->` and `<!-- until here -->`. */
export interface MarkedBlock {
  readonly file: string;
  readonly command: string;
}

const ENDS = '<!-- until here -->';

/** Raised for a document that lacks the marks. */
class MarksMissingError extends Error {
  override readonly name = 'MarksMissingError';
}

export function readBlock(block: MarkedBlock): string {
  return partsOf(block).inside.trim();
}

export function writeBlock(block: MarkedBlock, text: string): void {
  const { before, after } = partsOf(block);
  writeFileSync(block.file, `${before}${beginOf(block)}\n\n${text}\n\n${ENDS}${after}`);
}

function beginOf({ command }: MarkedBlock): string {
  return `<!-- ${command} -->`;
}

function partsOf(block: MarkedBlock) {
  const [before, rest] = readFileSync(block.file, 'utf8').split(beginOf(block));
  // Another block may follow.
  const [inside, ...others] = rest?.split(ENDS) ?? [];
  const after = others.length > 0 ? others.join(ENDS) : undefined;
  if (before === undefined || inside === undefined || after === undefined) {
    throw new MarksMissingError(`${block.file} lacks the line ${beginOf(block)} or ${ENDS}`);
  }
  return { before, inside, after };
}
