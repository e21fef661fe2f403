import type { ContentType } from '#domain/media/content-type.ts';

export interface DocumentToRead {
  readonly type: ContentType;
  readonly bytes: Uint8Array;
  readonly mostPages: number;
  readonly mostCharacters: number;
  readonly timeoutMs: number;
}

/**
 * - `unreadable`: locked, broken, or without any words
 * - `out-of-time`: it was given up, whatever it was still doing
 */
export type DocumentText =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'out-of-time' };

/** Finds the words in a document. Nothing that a document does keeps it beyond its time. */
export interface DocumentReader {
  read(document: DocumentToRead): Promise<DocumentText>;
}
