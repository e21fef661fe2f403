import { expect, test } from 'vitest';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { optInWords, optOutWords, plainWords } from '#domain/tenant/opt-out.ts';
import { asksForPerson, personWords } from '#domain/tenant/person-words.ts';
import { aMessage, aTextMessage } from '#test/support/builders.ts';

test.each([
  'human',
  'Human!',
  'AGENT please',
  'Can I talk to a human?',
  'Quiero hablar con una persona 🙏',
  'Falar com atendente',
  'Je veux parler à quelqu’un',
  'Ich möchte mit einem Menschen sprechen',
  'оператор',
  '转人工',
  '상담원',
])('%s asks for a person', (text) => {
  expect(asksForPerson(aTextMessage(text), DEFAULT_HAND_OVER)).toBe(true);
});

test.each([
  'Is this cake fit for human consumption?',
  'My agent said you are open',
  'persons',
  '',
  '👤',
  'human '.repeat(20),
])('%s does not', (text) => {
  expect(asksForPerson(aTextMessage(text), DEFAULT_HAND_OVER)).toBe(false);
});

test('a button that says so asks too, a picture with such a name does not', () => {
  const button = aMessage({ type: 'button', button: { text: 'Talk to a human', payload: 'x' } });
  expect(asksForPerson(button, DEFAULT_HAND_OVER)).toBe(true);
  const image = aMessage({ type: 'image', image: { id: '1', caption: 'human' } });
  expect(asksForPerson(image, DEFAULT_HAND_OVER)).toBe(false);
});

test("a tenant's words replace the usual ones; with none nobody asks by a word", () => {
  const own = { ...DEFAULT_HAND_OVER, personWords: ['Boss'] };
  expect(asksForPerson(aTextMessage('boss'), own)).toBe(true);
  expect(asksForPerson(aTextMessage('human'), own)).toBe(false);
  const none = { ...DEFAULT_HAND_OVER, personWords: [] };
  expect(asksForPerson(aTextMessage('human'), none)).toBe(false);
});

test('no usual word is beyond what is compared, or also one of opting out or in', () => {
  const consent = new Set([...optOutWords({}), ...optInWords({})].map(plainWords));
  for (const word of personWords(DEFAULT_HAND_OVER)) {
    expect(plainWords(word)).not.toBe('');
    expect(plainWords(word).length).toBeLessThanOrEqual(64);
    expect(consent.has(plainWords(word))).toBe(false);
  }
});
