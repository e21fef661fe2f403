import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitReply, TEXT_LIMIT } from '#domain/conversation/reply-parts.ts';
import { readFormatting } from '#domain/whatsapp/formatting.ts';

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

describe('formatting', () => {
  test('stays in one piece where there is another seam', () => {
    expect(splitReply('one two three *four five* six', 24)).toEqual([
      'one two three',
      '*four five* six',
    ]);
  });

  test('is closed before a cut, and opened again after it', () => {
    expect(splitReply('*one two three four five six seven*', 24)).toEqual([
      '*one two three four*',
      '*five six seven*',
    ]);
    expect(splitReply('*_one two three four five six_*', 24)).toEqual([
      '*_one two three four_*',
      '*_five six_*',
    ]);
  });

  test('a block of code is cut between its lines, and stays code', () => {
    expect(splitReply('Do this:\n```first line\n  second\n  third```', 36)).toEqual([
      'Do this:\n```first line\n  second```',
      '```  third```',
    ]);
  });

  test('a quoted line that is cut goes on as a quotation', () => {
    const parts = splitReply(`> ${'word '.repeat(30)}*${'bold '.repeat(20).trim()}*\nend`, 100);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part).toMatch(/^> (?! )/);
    expect(parts.at(-1)).toMatch(/\nend$/);
    expect(splitReply(`> ${'a'.repeat(60)}\n${'b'.repeat(60)}`, 100).at(-1)).toBe('b'.repeat(60));
  });

  test('an address is not cut', () => {
    const address = `https://example.com/${'a'.repeat(20)}`;
    expect(splitReply(`Have a look: ${address} and more`, 45)).toEqual([
      'Have a look:',
      `${address} and`,
      'more',
    ]);
  });

  const styles = fc.constantFrom('*', '_', '~', '`', '```');
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const words = fc.array(word, { minLength: 1, maxLength: 12 }).map((all) => all.join(' '));
  const formatted = fc.tuple(styles, words).map(([mark, text]) => mark + text + mark);
  const nested = words.map((text) => `*_~${text}~_*`);
  const block = words.map((text) => `\n\`\`\`${text.replaceAll(' ', '\n ')}\`\`\`\n`);
  const address = fc.tuple(word, word).map(([one, other]) => `https://${one}.example/${other}`);
  const reply = fc
    .array(fc.oneof(words, formatted, nested, block, address), { minLength: 1, maxLength: 30 })
    .map((pieces) => pieces.join(' ').trim());

  /** Every letter with the marks around it. */
  function letters(text: string): readonly string[] {
    const spans = readFormatting(text);
    return [...text.matchAll(/[a-z]/g)].map(({ index, 0: letter }) => {
      const around = spans.filter(({ start, end }) => start < index && index < end);
      return letter + around.map(({ mark }) => mark).join('');
    });
  }

  test('every letter is in some part, formatted as in the whole', () => {
    fc.assert(
      fc.property(reply, fc.integer({ min: 80, max: 200 }), (text, limit) => {
        const parts = splitReply(text, limit);
        expect(parts.every((part) => part.length <= limit)).toBe(true);
        expect(parts.flatMap(letters)).toEqual(letters(text));
        const addresses = (whole: string) => whole.match(/https:\/\/[a-z.]+\/[a-z]+/g) ?? [];
        expect(parts.flatMap(addresses)).toEqual(addresses(text));
      }),
      { numRuns: 500 },
    );
  });

  test('whatever the text, parts fit and are whole characters', () => {
    const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(any, fc.integer({ min: 40, max: 80 }), (text, limit) => {
        for (const part of splitReply(text, limit)) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
