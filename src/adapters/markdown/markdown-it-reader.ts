import type { MarkdownReader } from '#app/ports/markdown-reader.ts';

/** Loaded on first use, which is when a model has answered: no start waits for it. */
export const markdownItReader: MarkdownReader = {
  read: async (markdown) => {
    const { parseMarkdown } = await import('./parse-markdown.ts');
    return parseMarkdown(markdown);
  },
};
