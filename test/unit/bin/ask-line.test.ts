import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askLine } from '#operator/ask-line.ts';
import { OperatorError } from '#operator/operator-error.ts';

function ask(typed: (input: PassThrough) => void): Promise<string> {
  const input = new PassThrough();
  const answer = askLine('Sure? ', input, new PassThrough());
  typed(input);
  return answer;
}

test('a line is the answer, and the end of the input an empty one', async () => {
  expect(await ask((input) => input.write(' bakery \r'))).toBe('bakery');
  expect(await ask((input) => input.end())).toBe('');
});

test('Ctrl-C is told in words, not by a raw error', async () => {
  const given = ask((input) => input.write('\u0003'));
  await expect(given).rejects.toThrow(new OperatorError('Nothing was changed.'));
});
