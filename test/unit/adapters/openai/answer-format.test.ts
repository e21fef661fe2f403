import { describe, expect, it } from 'vitest';
import { readAnswer } from '#adapters/openai/answer-format.ts';
import { plainAnswer } from '#domain/conversation/answer.ts';

function read(fields: object) {
  return readAnswer(JSON.stringify({ text: 'Which one?', ...fields }));
}

describe('an answer', () => {
  it('is read with all that it says beside its words', () => {
    const fields = {
      language: 'pt-BR',
      quotes: 1,
      handOver: { reason: 'a complaint', summary: 'The cake came late.' },
      forgets: ['m-1'],
      confidence: 'low',
    };
    expect(read({ ...fields, choices: null })).toEqual({
      text: 'Which one?',
      choices: undefined,
      ...fields,
    });
  });

  it.each([
    { kind: 'buttons', buttons: [{ id: 'a', title: 'A' }] },
    {
      kind: 'list',
      button: 'See',
      sections: [{ title: 'Breads', rows: [{ id: 'r', title: 'Rye', description: 'dark' }] }],
    },
    { kind: 'link', title: 'Open', url: 'https://example.com' },
  ])('offers $kind', (choices) => {
    expect(read({ choices })).toMatchObject({ choices });
  });

  it.each([
    ['a choice of nothing', { choices: { kind: 'buttons', buttons: [] } }],
    ['a list that nothing opens', { choices: { kind: 'list', sections: [] } }],
    ['a kind that nobody knows', { choices: { kind: 'carousel' } }],
    ['a place that is no number', { quotes: 'the first' }],
    ['half a place', { quotes: 0.5 }],
    ['a word for how sure it is', { confidence: 'quite' }],
    ['ids that are none', { forgets: [7, null] }],
  ])('is read without %s', (_, fields) => {
    expect(read(fields)).toEqual(plainAnswer('Which one?'));
  });

  it('is taken as it is where it is no JSON', () => {
    expect(readAnswer(' Yes.\n')).toEqual(plainAnswer('Yes.'));
  });

  it.each([
    ['nothing', ' '],
    ['half a JSON', '{"text":"Half a sen'],
    ['no words', '{"text":" "}'],
    ['words that are no text', '{"text":7}'],
  ])('is none where there is %s', (_, said) => {
    expect(readAnswer(said)).toBeUndefined();
  });
});
