import type { MarkdownReader } from '#app/ports/markdown-reader.ts';
import { readPlainText } from './plain-text.ts';

/** The parser is loaded on first use, which is when a model has written something with a mark in it. */
export const markdownItReader: MarkdownReader = {
  read: async (markdown) => {
    const plain = readPlainText(markdown);
    if (plain) return plain;
    const { parseMarkdown } = await import('./parse-markdown.ts');
    return parseMarkdown(markdown);
  },
};
