import fc from 'fast-check';
import { expect, it } from 'vitest';
import { optInWords, optOutWords, plainWords, wishOf } from '#domain/tenant/opt-out.ts';
import { aMessage, aTextMessage } from '#test/support/builders.ts';

function wish(text: string) {
  return wishOf(aTextMessage(text), {});
}

it.each([
  'STOP',
  'stop.',
  ' Stop!! ',
  '"stop"',
  'ＳＴＯＰ',
  'S\u200dT\u200bO\u2060P',
  '🛑 STOP 🛑✋🏽',
  '\u202eSTOP\u202c',
  'stop\n\n',
  'Opt-Out',
  'Unsubscribe',
  '¡BAJA!',
  'Darme  de baja',
  'no mas mensajes',
  'ARRÊT',
  'arret',
  'Se désabonner',
  'Abmelden',
  'afmelden',
  'Disiscrivimi',
  'बंद करो',
  'BERHENTI',
  'إيقاف',
  'ايقاف',
  'إِيقَاف',
  'تـوقـف',
  'ABONELİKTEN ÇIK',
  'abonelikten cik',
  'стоп',
  '退订',
  'ストップ',
  '수신거부',
  'הסר',
])('%j opts out', (text) => {
  expect(wish(text)).toBe('stopped');
});

it.each(['START', 'start 🙂', 'Başla', 'BASLA', 'شروع', 'शुरू करें', '开始', 'начать', 'm’abonner'])(
  '%j opts in',
  (text) => {
    expect(wish(text)).toBe('resumed');
  },
);

it.each([
  'Do you stop at the station?',
  'stop it please',
  'non-stop',
  'cancel',
  'end',
  'quit',
  'stops',
  'st op',
  'stop 2',
  '',
  '…',
  '🛑',
  '\u200b',
  'stop '.repeat(2_000),
])('%j is a message like any other', (text) => {
  expect(wish(text)).toBeUndefined();
});

it('hears a button, and nothing that is not said', () => {
  const button = aMessage({ type: 'button', button: { text: 'STOP', payload: 'x' } });
  const reply = { type: 'button_reply', button_reply: { id: '1', title: 'Stop' } };
  expect(wishOf(button, {})).toBe('stopped');
  expect(wishOf(aMessage({ type: 'interactive', interactive: reply }), {})).toBe('stopped');
  expect(wishOf(aMessage({ type: 'image', image: { id: '1', caption: 'STOP' } }), {})).toBe(
    undefined,
  );
});

it('takes a business’s own words in place of ours', () => {
  const settings = { optOutWords: ['Schluss jetzt!'], optInWords: ['Weiter'] };
  expect(wishOf(aTextMessage('schluss JETZT'), settings)).toBe('stopped');
  expect(wishOf(aTextMessage('weiter'), settings)).toBe('resumed');
  expect(wishOf(aTextMessage('STOP'), settings)).toBeUndefined();
  expect(wishOf(aTextMessage('STOP'), { optOutWords: [] })).toBeUndefined();
});

it('has no word that is empty, doubled, or means both', () => {
  const words = [...optOutWords({}), ...optInWords({})].map(plainWords);
  expect(words).not.toContain('');
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
});

/** What may stand around a word, and in it, without changing what it says. */
const DECORATION = [
  ...' \n\t!?.,;:*_~"\'()¡¿。！…🛑✋👎',
  ...['\u200b', '\u200e', '\u200f', '\u202a', '\u202e', '\u2060', '\ufe0f', '\u00a0'],
];
const decoration = fc.string({ unit: fc.constantFrom(...DECORATION), maxLength: 12 });
const invisible = fc.constantFrom('\u200b', '\u200d', '\u2060', '\u00ad', '\u200f', '\ufeff');

it('hears every word of ours, however it is written', () => {
  const words = [
    ...optOutWords({}).map((word) => [word, 'stopped'] as const),
    ...optInWords({}).map((word) => [word, 'resumed'] as const),
  ];
  const style = fc.constantFrom<((word: string) => string)[]>(
    (word) => word,
    (word) => word.toUpperCase(),
    (word) => word.normalize('NFD'),
    (word) => word.normalize('NFKC'),
    (word) => word.replaceAll(' ', '\u00a0  '),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...words),
      style,
      decoration,
      decoration,
      invisible,
      fc.nat(),
      ([word, expected], write, before, after, hidden, at) => {
        const written = write(word);
        const cut = at % (written.length + 1);
        const text = `${before}${written.slice(0, cut)}${hidden}${written.slice(cut)}${after}`;
        expect(wish(text)).toBe(expected);
      },
    ),
    { numRuns: 2_000 },
  );
});

it('reduces any text to the same, once and twice, and never fails', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const once = plainWords(text);
      expect(plainWords(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

it('does not hear a word within more that is said', () => {
  const spoken = fc.stringMatching(/^[a-z]{2,12}$/);
  fc.assert(
    fc.property(fc.constantFrom(...optOutWords({})), spoken, (word, more) => {
      const known = [...optOutWords({}), ...optInWords({})].map(plainWords);
      fc.pre(!known.includes(plainWords(`${word} ${more}`)));
      expect(wish(`${word} ${more}`)).toBeUndefined();
    }),
  );
});
