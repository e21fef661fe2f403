import { expect, test } from 'vitest';
import { doneMessages } from '#local/event-sources/batch-result.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';

const BATCH = ['a', 'b', 'c'];

function returned(value: unknown): InvokeOutcome {
  return { kind: 'returned', payload: JSON.stringify(value) };
}

test.each([
  ['null', null],
  ['an empty object', {}],
  ['an empty list', { batchItemFailures: [] }],
  ['a null list', { batchItemFailures: null }],
])('an answer of %s means that the whole batch is done', (_, answer) => {
  expect(doneMessages(BATCH, returned(answer), true)).toEqual(BATCH);
});

test('the messages that the answer names are not done', () => {
  const answer = { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }] };
  expect(doneMessages(BATCH, returned(answer), true)).toEqual(['a']);
});

test.each([
  ['an id that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'x' }] }],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }],
  ['a misspelt key', { batchItemFailures: [{ messageId: 'a' }] }],
  ['a list that is none', { batchItemFailures: 'a' }],
  ['no object at all', 'done'],
])('an answer with %s means that nothing of the batch is done', (_, answer) => {
  expect(doneMessages(BATCH, returned(answer), true)).toEqual([]);
});

test('without partial responses whatever the function returns means that all is done', () => {
  const answer = { batchItemFailures: [{ itemIdentifier: 'b' }] };
  expect(doneMessages(BATCH, returned(answer), false)).toEqual(BATCH);
});

test.each<InvokeOutcome>([
  { kind: 'failed', error: { errorType: 'Error', errorMessage: '' } },
  { kind: 'throttled' },
  { kind: 'refused', status: 500 },
])('nothing of the batch is done when the invocation ended as $kind', (outcome) => {
  expect(doneMessages(BATCH, outcome, true)).toEqual([]);
  expect(doneMessages(BATCH, outcome, false)).toEqual([]);
});
