import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Order, Report } from './measure-receiver.ts';

/** Runs a receiver in a fresh process. */
export async function measured(order: Order): Promise<Report> {
  const child = fork(join(import.meta.dirname, 'measure-receiver.ts'), {
    // Bodies are bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answered = new Promise<Report>((resolve, reject) => {
    child.once('message', (report: Report) => resolve(report));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The process of ${order.receiver} ended with ${code} before it reported`)),
    );
  });
  child.send(order);
  return await answered;
}
