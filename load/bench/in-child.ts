import { fork } from 'node:child_process';
import { endsWithUs } from '../../local/ends-with-us.ts';

/**
 * Asks a module that answers one message, in a fresh process.
 * @param env over those of this process
 */
export async function askChild<Answer>(
  module: string,
  question: object,
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const child = endsWithUs(
    fork(module, {
      // Bodies are bytes.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    }),
  );
  const answered = new Promise<Answer>((resolve, reject) => {
    child.once('message', (answer: Answer) => resolve(answer));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${module} ended with ${code}, and answered nothing`)),
    );
  });
  child.send(question);
  return await answered;
}
