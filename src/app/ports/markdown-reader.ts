import type { Document } from '#domain/markup/document.ts';

/** Reads the notation that models write in. */
export interface MarkdownReader {
  /** @returns undefined for a text that is better shown as it is */
  read(markdown: string): Promise<Document | undefined>;
}
