import { describe, expect, it, test } from 'vitest';
import { builtInText } from '#domain/tenant/built-in-texts.ts';
import {
  DEFAULT_MANNERS,
  type MannersSettings,
  parseHost,
  parseLanguage,
  TEXT_KINDS,
} from '#domain/tenant/manners-settings.ts';
import { setText } from '#domain/tenant/set-texts.ts';
import { textFor } from '#domain/tenant/speech.ts';
import { languageFor, languagesSpokenBy } from '#domain/whatsapp/contact-languages.ts';
import { aTenant } from '#test/support/builders.ts';

function speaking(manners: Partial<MannersSettings>, over = {}) {
  return aTenant({ manners: { ...DEFAULT_MANNERS, ...manners }, ...over });
}

describe('a set text', () => {
  const tenant = speaking({
    greeting: 'Hi',
    texts: {
      es: { greeting: 'Hola', fallback: 'Espere' },
      'es-MX': { greeting: 'Qué onda' },
      'pt-BR': { greeting: 'Oi' },
      'zh-Hant': { greeting: '您好' },
    },
  });

  test.each([
    ['es-MX', 'Qué onda'],
    ['es', 'Hola'],
    ['es-AR', 'Hola'],
    ['pt', 'Oi'],
    ['pt-PT', 'Oi'],
    ['zh-Hans', '您好'],
    ['fr', 'Hi'],
    [undefined, 'Hi'],
    ['constructor', 'Hi'],
  ])('in %s is the nearest that the business wrote', (language, expected) => {
    expect(setText(tenant, 'greeting', language)).toBe(expected);
  });

  it('falls back text by text', () => {
    expect(setText(tenant, 'fallback', 'es-MX')).toBe('Espere');
    expect(setText(tenant, 'fallback', 'pt-BR')).toBe('We will get back to you.');
  });

  it('without a language is in the usual one, rather than as it is spoken elsewhere', () => {
    const usual = speaking({
      greeting: 'Olá',
      language: 'pt-PT',
      texts: { 'pt-BR': { greeting: 'Oi' } },
    });
    expect(setText(usual, 'greeting', 'pt-PT')).toBe('Olá');
    expect(setText(usual, 'greeting', 'pt')).toBe('Olá');
    expect(setText(usual, 'greeting', 'pt-BR')).toBe('Oi');
  });

  it('is ours where the business wrote none, in the language if we have it', () => {
    const plain = speaking({});
    expect(setText(plain, 'limit', 'es-MX')).toBe(builtInText('limit', 'es'));
    expect(setText(plain, 'limit', 'xx')).toBe(builtInText('limit', 'en'));
    expect(setText(plain, 'greeting', 'es')).toBeUndefined();
    expect(setText(speaking({}, { limitText: 'Later.' }), 'limit', 'es')).toBe('Later.');
    expect(setText(speaking({}, { optOut: { optOutText: 'Bye.' } }), 'optOut', 'es')).toBe('Bye.');
    expect(setText(speaking({ blockedText: 'No.' }), 'blocked', 'es')).toBe('No.');
  });

  it('has a translation of each kind wherever there is one at all', () => {
    for (const language of [
      'en',
      'es',
      'pt',
      'fr',
      'de',
      'it',
      'nl',
      'tr',
      'ru',
      'ar',
      'hi',
      'id',
    ]) {
      const texts = TEXT_KINDS.map((kind) => builtInText(kind, language));
      expect(texts.filter((text) => text !== undefined && text.length <= 1_024)).toHaveLength(4);
      // Who opts out is told how to come back.
      expect(builtInText('optOut', language)).toContain('START');
    }
  });

  it('is in the language of the last answer, else of where the contact is from', () => {
    const said = { language: 'es-MX' };
    expect(textFor(tenant, 'fallback', { contact: '4915112345678' }, said)).toBe('Espere');
    const nobody = { language: undefined };
    expect(textFor(tenant, 'fallback', { contact: '34600111222' }, nobody)).toBe('Espere');
    expect(textFor(tenant, 'fallback', { contact: 'MX.90210001' }, nobody)).toBe('Espere');
    const usual = 'We will get back to you.';
    expect(textFor(tenant, 'fallback', { contact: '4915112345678' }, nobody)).toBe(usual);
  });
});

describe('where a contact is from', () => {
  test.each([
    ['34600111222', ['es', 'ca', 'eu', 'gl']],
    ['14155550100', ['en']],
    ['18095550100', ['es']],
    ['41791234567', ['de', 'fr', 'it']],
    ['852912345678', ['zh-Hant', 'zh', 'en']],
    ['ES.9021448720', ['es', 'ca', 'eu', 'gl']],
    ['XX.9021448720', []],
    ['999999999', []],
    ['a-group-id', []],
  ])('%s may speak %j', (contact, expected) => {
    expect(languagesSpokenBy(contact)).toEqual(expected);
  });

  it('counts only for languages that the business speaks', () => {
    expect(languageFor('41791234567', undefined, ['it', 'fr-FR'])).toBe('fr');
    expect(languageFor('41791234567', undefined, [])).toBeUndefined();
    expect(languageFor('41791234567', 'rm', ['it'])).toBe('rm');
  });
});

test.each([
  ['es', 'es'],
  ['PT_br', 'pt-BR'],
  ['zh-hant', 'zh-Hant'],
  ['', undefined],
  ['spanish!', undefined],
  ['a', undefined],
  [12, undefined],
])('the language %j reads as %j', (text, expected) => {
  expect(parseLanguage(text)).toBe(expected);
});

test.each([
  ['Shop.Example.com', 'shop.example.com'],
  ['bücher.example', 'bücher.example'],
  ['https://shop.example', undefined],
  ['shop.example/path', undefined],
  ['localhost', undefined],
  ['1.2.3.4', undefined],
])('the host %j reads as %j', (text, expected) => {
  expect(parseHost(text)).toBe(expected);
});
