import { createInterface } from 'node:readline/promises';
import { OperatorError } from './operator-error.ts';

/**
 * One line that a person types; empty where the input ends.
 * @throws OperatorError where they press Ctrl-C: nothing is done before an answer
 */
export async function askLine(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const lines = createInterface({ input, output, terminal: true });
  const given = new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => reject(new OperatorError('Nothing was changed.')));
  });
  lines.setPrompt(question);
  lines.prompt();
  try {
    return (await given).trim();
  } finally {
    lines.close();
  }
}
