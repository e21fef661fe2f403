import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageBody } from '#adapters/whatsapp/graph-messages.ts';
import { type Choices, readChoices } from '#domain/conversation/choices.ts';
import { bubbleInWords } from '#domain/conversation/choices-in-words.ts';
import { replyBubbles } from '#domain/conversation/reply-bubbles.ts';
import { parseTurnId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';
import { readOutgoing } from '#local/whatsapp/message-rules.ts';
import { aChat, present, TENANT_ID } from '#test/support/builders.ts';

const NOTHING = { choices: undefined, quotes: undefined };
const REFERENCE = { chat: aChat(), turnId: present(parseTurnId('1790400000000.1')), part: 0 };

function buttons(...titles: readonly string[]): Choices {
  return { kind: 'buttons', buttons: titles.map((title, at) => ({ id: `id-${at}`, title })) };
}

function list(...titles: readonly string[]): Choices {
  const rows = titles.map((title, at) => ({ id: `id-${at}`, title, description: undefined }));
  return { kind: 'list', button: 'Times', sections: [{ title: undefined, rows }] };
}

function link(title: string, url: string): Choices {
  return { kind: 'link', title, url };
}

function withChoices(text: string, choices: Choices) {
  return replyBubbles(text, { ...NOTHING, choices });
}

describe('choices that fit', () => {
  test.each([
    ['buttons', buttons('Yes', 'No', 'Tell me more, please')],
    ['a list', list('09:30', '10:00')],
    ['a link', link('Open the menu', 'https://example.com/menu?a=b#c')],
  ])('%s are beneath the text', (_, choices) => {
    expect(withChoices('Well?', choices)).toEqual([{ text: 'Well?', choices }]);
  });

  test('are beneath the last of several bubbles', () => {
    const long = 'All of this. '.repeat(330).trim();
    const bubbles = withChoices(`${long}\n\nWell?`, buttons('Yes'));
    expect(bubbles.map(({ choices }) => choices?.kind)).toEqual([undefined, 'buttons']);
  });

  test('have their spaces put straight', () => {
    const [bubble] = withChoices('Well?', buttons(' Yes,\n please ', 'No'));
    expect(bubble?.choices).toEqual(buttons('Yes, please', 'No'));
  });

  test.each([
    ['twice the same', ['x', 'x']],
    ['empty', [' ', 'y']],
    ['too long', ['x'.repeat(257), 'y']],
  ])('get ids of ours where one is %s', (_, ids) => {
    const items = ids.map((id, at) => ({ id, title: `title ${at}` }));
    const [bubble] = withChoices('Well?', { kind: 'buttons', buttons: items });
    expect(bubble?.choices).toMatchObject({ buttons: [{ id: 'choice-1' }, { id: 'choice-2' }] });
  });
});

describe('choices that do not fit are said in words', () => {
  test.each([
    ['too many buttons', buttons('a', 'b', 'c', 'd'), '1. a\n2. b\n3. c\n4. d'],
    ['a title that is too long', buttons('x'.repeat(21), 'No'), `1. ${'x'.repeat(21)}\n2. No`],
    ['two titles that are the same', buttons('Yes', 'Yes'), '1. Yes\n2. Yes'],
    [
      'too many rows',
      list(...'abcdefghijk'),
      [...'abcdefghijk'].map((title, at) => `${at + 1}. ${title}`).join('\n'),
    ],
    ['a row that is too long', list('x'.repeat(25)), `1. ${'x'.repeat(25)}`],
    [
      'a link with too long a title',
      link('x'.repeat(21), 'https://example.com'),
      `${'x'.repeat(21)}: https://example.com`,
    ],
  ])('%s', (_, choices, words) => {
    expect(withChoices('Well?', choices)).toEqual([{ text: `Well?\n\n${words}` }]);
  });

  test('sections by their titles, rows with their descriptions', () => {
    const rows = (title: string) => [{ id: title, title, description: `${title}!` }];
    const sections = [
      { title: 'Monday', rows: rows('09:30') },
      { title: undefined, rows: rows('10:00') },
    ];
    expect(withChoices('Well?', { kind: 'list', button: 'Times', sections })).toEqual([
      { text: 'Well?\n\n*Monday*\n1. 09:30 – 09:30!\n2. 10:00 – 10:00!' },
    ]);
  });

  test('beneath a text that is too long for buttons, in the same bubble', () => {
    const text = 'word '.repeat(300).trim();
    expect(withChoices(text, buttons('Yes', 'No'))).toEqual([{ text: `${text}\n\n1. Yes\n2. No` }]);
    expect(withChoices(text, list('Yes'))).toMatchObject([{ text, choices: { kind: 'list' } }]);
  });
});

test('what the model leaves out costs no choice', () => {
  const offered = (choices: JsonObject) => withChoices('Well?', present(readChoices(choices)));
  const [asked] = offered({
    kind: 'buttons',
    buttons: [{ title: 'Yes' }, { id: 'No', title: '' }],
  });
  expect(asked?.choices).toMatchObject({ buttons: [{ title: 'Yes' }, { title: 'No' }] });
  const rows = [{ title: '09:30' }, { title: '10:00' }];
  expect(offered({ kind: 'list', button: '', sections: [{ rows }] })).toEqual([
    { text: 'Well?\n\n1. 09:30\n2. 10:00' },
  ]);
  const url = 'https://example.com/menu';
  expect(offered({ kind: 'link', title: null, url })).toEqual([{ text: `Well?\n\n${url}` }]);
});

test.each([
  'javascript:alert(1)',
  'ftp://example.com',
  'https://',
  'https://user:password@example.com',
  'https://example.com/a b',
  'https://localhost',
  'not an address',
  `https://example.com/${'a'.repeat(2_000)}`,
])('no customer is led to %s', (url) => {
  expect(withChoices('Well?', link('Open', url))).toEqual([{ text: 'Well?' }]);
});

test('the first bubble quotes', () => {
  const long = 'All of this. '.repeat(400).trim();
  const bubbles = replyBubbles(long, { ...NOTHING, quotes: 'wamid.ASKED' });
  expect(bubbles.map(({ quotes }) => quotes)).toEqual(['wamid.ASKED', undefined]);
});

const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const row = fc.record({
  id: fc.string({ maxLength: 210 }),
  title,
  description: fc.option(fc.string({ maxLength: 80 }), { nil: undefined }),
});
const anyChoices: fc.Arbitrary<Choices> = fc.oneof(
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(row, { maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('list' as const),
    button: title,
    sections: fc.array(
      fc.record({
        title: fc.option(title, { nil: undefined }),
        rows: fc.array(row, { maxLength: 5 }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('link' as const),
    title,
    url: fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string()),
  }),
);

function titlesOf(choices: Choices): readonly string[] {
  switch (choices.kind) {
    case 'buttons':
      return choices.buttons.map((each) => each.title);
    case 'list':
      return choices.sections.flatMap(({ rows }) => rows.map((each) => each.title));
    case 'link':
      return [];
  }
}

test('whatever is offered, WhatsApp takes it, and no choice is lost', () => {
  const text = fc.stringMatching(/^[a-z]([a-z ]{0,1200})[a-z]$/);
  fc.assert(
    fc.property(text, anyChoices, (said, choices) => {
      const bubbles = withChoices(said, choices);
      for (const bubble of bubbles) {
        const recipient = { waId: aChat().contact, userId: undefined };
        const sent = { ...bubble, tenantId: TENANT_ID, recipient, reference: REFERENCE };
        expect(() => readOutgoing(messageBody({ ...sent, timeoutMs: 1 }) ?? {})).not.toThrow();
      }
      const words = bubbles.map(bubbleInWords).join('\n').replace(/\s+/g, ' ');
      for (const each of titlesOf(choices)) {
        expect(words).toContain(each.replace(/\s+/g, ' ').trim());
      }
    }),
    { numRuns: 500 },
  );
});
