import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitReply, TEXT_LIMIT } from '#domain/conversation/reply-parts.ts';

test('one bubble wherever it fits', () => {
  expect(splitReply('x'.repeat(TEXT_LIMIT))).toHaveLength(1);
  expect(splitReply('  hello  ')).toEqual(['hello']);
});

test('cuts between paragraphs before lines, lines before sentences, sentences before words', () => {
  expect(splitReply('one two. three\nfour\n\nfive six', 24)).toEqual([
    'one two. three\nfour',
    'five six',
  ]);
  expect(splitReply('one two. three\nfour five', 20)).toEqual(['one two. three', 'four five']);
  expect(splitReply('First one. Second two three', 18)).toEqual(['First one.', 'Second two three']);
  expect(splitReply('alpha beta gamma', 12)).toEqual(['alpha beta', 'gamma']);
});

test('never cuts inside a character that a person sees as one', () => {
  const family = '👨‍👩‍👧‍👦';
  for (const part of splitReply(family.repeat(10), 30)) {
    expect(part.replaceAll(family, '')).toBe('');
  }
});

test('loses no word and keeps every part within the limit', () => {
  const word = fc.stringMatching(/^[a-z.]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 30, max: 60 }),
      (words, limit) => {
        const parts = splitReply(words.join(' '), limit);
        expect(parts.every((part) => part.length <= limit)).toBe(true);
        expect(parts.join(' ')).toBe(words.join(' '));
      },
    ),
  );
});
