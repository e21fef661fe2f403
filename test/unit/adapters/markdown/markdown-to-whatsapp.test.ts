import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkdown } from '#adapters/markdown/parse-markdown.ts';
import type { Document, Inline } from '#domain/markup/document.ts';
import { toWhatsApp } from '#domain/markup/to-whatsapp.ts';
import { asMarkdown, readFormatting } from '#domain/whatsapp/formatting.ts';
import { TORTURE_TEXTS } from './torture-texts.ts';

function written(markdown: string): string {
  const document = parseMarkdown(markdown);
  return document ? toWhatsApp(document) : markdown;
}

describe.each(Object.entries(TORTURE_TEXTS))('%s', (_, texts) => {
  test.each(texts)('%s', (_name, markdown, whatsApp) => {
    expect(written(markdown)).toBe(whatsApp);
  });
});

/** Anything that could matter to a parser, in any order. */
const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'*_~`[]()<>!#|-+>\\&:\n ',
        '**',
        '__',
        '~~',
        '```',
        '\n\n',
        '\n- ',
        '\n1. ',
      ),
      fc.constantFrom(
        '|---|---|\n',
        '\n> ',
        '<b>',
        '</b>',
        '<br>',
        'https://e.example/',
        '  ',
        '\t',
      ),
      fc.stringMatching(/^[a-zäß0-9]{1,6}$/),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

function wordsIn(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).join('');
}

test('whatever is written can be said, and is not read otherwise in an address', () => {
  fc.assert(
    fc.property(scraps, (markdown) => {
      const text = written(markdown);
      expect(text).toBe(text.trim());
      for (const [address] of text.matchAll(/https:\/\/\S+/g)) {
        expect(readFormatting(address).filter(({ mark }) => mark === '_')).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

/** Markdown without what has words that are not shown: tags, entities, addresses, languages, definitions. */
const plainScraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'*_~#|-+>\n ', '**', '__', '~~', '\n\n', '\n- ', '\n> ', '\n# ', '`'),
      fc.stringMatching(/^[a-zäß]{1,6}$/),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !text.includes('```') && !text.includes('~~~') && !text.includes('|'));

test('no word is lost, and none is added', () => {
  fc.assert(
    fc.property(plainScraps, (markdown) => {
      expect(wordsIn(written(markdown))).toBe(wordsIn(markdown));
    }),
    { numRuns: 500 },
  );
});

/** Every letter with the styles that it is meant to have. */
function meantIn(document: Document): readonly string[] {
  return document.flatMap((block) => {
    switch (block.kind) {
      case 'paragraph':
        return styled(block.children, []);
      case 'heading':
        return styled(block.children, ['*']);
      case 'quote':
        return meantIn(block.children);
      case 'list':
        return block.items.flatMap(meantIn);
      default:
        return [];
    }
  });
}

function styled(inlines: readonly Inline[], marks: readonly string[]): readonly string[] {
  const own = { bold: '*', italic: '_', struck: '~', link: '' };
  return inlines.flatMap((inline) => {
    if (inline.kind === 'break') return [];
    if ('children' in inline) return styled(inline.children, [...marks, own[inline.kind]]);
    const all = inline.kind === 'code' ? [...marks, '`'] : marks;
    return [...wordsIn(inline.text)].map((letter) => letter + [...new Set(all)].sort().join(''));
  });
}

function shownIn(text: string): readonly string[] {
  const spans = readFormatting(text);
  return [...text.matchAll(/[\p{L}\p{N}]/gu)].map(({ index, 0: letter }) => {
    const around = spans.filter(({ start, end }) => start < index && index < end);
    return letter + [...new Set(around.map(({ mark }) => mark))].sort().join('');
  });
}

test('no letter is shown in a style that was not meant for it', () => {
  const isWithin = (shown: string, meant: string) =>
    [...shown].every((character) => meant.includes(character));
  fc.assert(
    fc.property(plainScraps, (markdown) => {
      const document = parseMarkdown(markdown) ?? [];
      const shown = shownIn(toWhatsApp(document));
      const meant = meantIn(document);
      // A word with a row of marks in it is shown as code.
      const strange = shown.filter(
        (letter, index) => !letter.includes('`') && !isWithin(letter, meant[index] ?? ''),
      );
      expect(strange).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('what has no notation stays as it is, however often it is read', () => {
  const words = fc.stringMatching(/^[a-zäß0-9]{1,8}[.,!?]?$/);
  fc.assert(
    fc.property(fc.array(fc.array(words, { minLength: 1 }), { minLength: 1 }), (lines) => {
      // A number at a line's beginning is an item of a list.
      const text = lines.map((line) => `so ${line.join(' ')}`).join('\n');
      expect(written(text)).toBe(text);
    }),
  );
});

test('a reply is the same again after the model has seen it in its history', () => {
  const reply = written(
    '**Bold** and *italics*, ~~struck~~, `code`:\n\n- one\n- two\n\n```\nx * y\n```',
  );
  expect(written(asMarkdown(reply))).toBe(reply);
});

/** Each of them has slowed down, or broken, one parser or another. */
const PATTERNS = [
  '*',
  '*a ',
  'a**b',
  '*a **a ',
  '__a_',
  '[',
  '[a](',
  '![[]()',
  '>',
  '> ',
  '- ',
  '1. ',
  '`',
  '~~a ',
  '<',
  '<a ',
  '<!--',
  '&amp;',
  '\\',
  '|',
  '|a',
  '#',
  '\n',
  '\t',
  '[a]: b\n',
  'http://a.',
  'a@',
  '_a*b',
  '*_~`[]()<>!',
  'a\n=',
  '***a',
  '> - ',
  '```\n',
  '<b>',
  '</b>',
  '**a:**b',
  ' `a',
  'a ~b~ ',
  '_',
  '⁠',
];

test('nothing that is written takes long', { timeout: 60_000 }, () => {
  // Twice what a model may say.
  const length = 24_000;
  for (const pattern of PATTERNS) {
    const markdown = pattern.repeat(Math.ceil(length / pattern.length));
    const startedMs = performance.now();
    written(markdown);
    written(`${markdown}\n\n|a|b|\n|-|-|\n${markdown}`);
    expect(performance.now() - startedMs, pattern).toBeLessThan(2_000);
  }
});

test('a text deeper or longer than anybody writes is left as it is', () => {
  expect(parseMarkdown(`${'> '.repeat(40)}a`)).toBeUndefined();
  expect(parseMarkdown(`${'- '.repeat(40)}a`)).toBeUndefined();
  expect(parseMarkdown('a'.repeat(100_001))).toBeUndefined();
});
