import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMarkdown } from '#adapters/markdown/parse-markdown.ts';
import { readPlainText } from '#adapters/markdown/plain-text.ts';

const PIECES = [
  ...' .,;:!?\'"()%-–—…\n#*_~`>|[]<&\\/@=+\t\u00a0\r'.split(''),
  ...[
    '  ',
    '\n\n',
    '\n \n',
    'www.a.de',
    'http',
    'Brot',
    'ß',
    '1',
    '12',
    '2.',
    '3)',
    '- ',
    '€',
    '👍🏽',
  ],
  ...['Guten Tag', 'um 14:30', 'a@b.de', '日本', 'e\u0301', '\u200d', '\ufeff', '\u2003'],
];

it('gives for a text without marks what the parser does', () => {
  let read = 0;
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((each) => each.join(''));
  const words = fc
    .array(fc.constantFrom(...PIECES.filter((each) => /^[\p{L}\p{N} .,:!?\n]*$/u.test(each))))
    .map((each) => each.join(''));
  fc.assert(
    fc.property(fc.oneof(text, words, fc.string({ unit: 'grapheme' })), (given) => {
      const plain = readPlainText(given);
      if (!plain) return;
      read += 1;
      expect(plain).toEqual(parseMarkdown(given));
    }),
    { numRuns: 5_000 },
  );
  expect(read).toBeGreaterThan(500);
});

it('leaves to the parser what has a mark', () => {
  const marked = [
    '*yes*',
    '1. Rye',
    '- Rye',
    'see https://example.com',
    'a &amp; b',
    '> so',
    '# A',
  ];
  for (const text of marked) expect(readPlainText(text)).toBeUndefined();
  expect(readPlainText('Yes, until 18:00.\nSee you!')).toHaveLength(1);
});
