import { expect, test } from 'vitest';
import { readingOf } from '#domain/conversation/text-reading.ts';

test.each([
  'What time do you open?',
  'what time do you open',
  '¿A qué hora abren?',
  'cuando abren mañana',
  'I would like a table for two.',
  'I would like a table for two',
  'Ich hätte gern einen Tisch für zwei',
  'What is this for?',
  'Do you have that?',
  'Was kostet das?',
  'I would like to order that.',
  'ok',
  'yes please',
  'sí',
  'danke',
  '12345',
  '20:30',
  '👍',
  'thanks 🙏🏽',
  '(the one with nuts.)',
  '请问你们几点开门',
  'Hello, do you have gluten free bread?',
  'هل أنتم مفتوحون؟',
])('“%s” stands alone', (text) => {
  expect(readingOf(text)).toBe('complete');
});

test.each([
  'hi',
  'Hello!',
  'hola, buenas tardes',
  'Guten Tag',
  'good morning',
  'Olá',
  'Bonjour 👋',
  'Привет',
  'добрый день',
  '你好',
  'こんにちは',
  '안녕하세요',
  'السلام عليكم',
  'नमस्ते',
])('“%s” is nothing but a greeting', (text) => {
  expect(readingOf(text)).toBe('greeting');
});

test.each([
  'I want to order,',
  'my order is:',
  'so...',
  'so…',
  'I need help with',
  'hola quiero',
  'table for two',
  'and',
  'porque',
  'two croissants and a',
  '(by the way',
])('after “%s” more seems to come', (text) => {
  expect(readingOf(text)).toBe('unfinished');
});

test('a long text is read in time that does not grow with it', () => {
  const text = `${'a, '.repeat(200_000)}and`;
  expect(readingOf(text)).toBe('unfinished');
});
