import { expect, test } from 'vitest';
import { parseLanguage, textIn } from '#domain/conversation/language.ts';

test.each([
  ['en', 'en'],
  ['pt-br', 'pt-BR'],
  ['pt_BR', 'pt-BR'],
  [' de ', 'de'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['iw', 'he'],
])('%j is the language %s', (tag, language) => {
  expect(parseLanguage(tag)).toBe(language);
});

test.each([undefined, '', 'German please', 'und', '<b>', 'e', `en-${'a'.repeat(40)}`])(
  '%j is no language',
  (tag) => {
    expect(parseLanguage(tag)).toBeUndefined();
  },
);

const TEXTS = { en: 'Hello', 'pt-PT': 'Olá', 'zh-Hant': '你好', es: 'Hola' };

test.each([
  ['en', 'Hello'],
  ['en-GB', 'Hello'],
  ['zh-Hant-TW', '你好'],
  ['PT-pt', 'Olá'],
  ['pt-BR', 'Olá'],
  ['fr', undefined],
  [undefined, undefined],
  ['constructor', undefined],
])('the text in %s', (language, text) => {
  expect(textIn(TEXTS, language)).toBe(text);
});
