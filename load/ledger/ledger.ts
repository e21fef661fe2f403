import { randomUUID } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../src/domain/json.ts';
import { readOrders } from '../senders/orders.ts';
import type { Answered, Posted, SentWebhook } from './sent.ts';

/** Where a worker of artillery writes down what it sends: its threads may end at any time. */
interface Ledger {
  sent(webhook: SentWebhook): void;
  answered(answer: Answered): void;
}

let open: Ledger | undefined;

export function openLedger(): Ledger {
  open ??= ledgerIn(readOrders().ledger);
  return open;
}

function ledgerIn(folder: string): Ledger {
  const file = join(folder, `${randomUUID()}.jsonl`);
  const write = (line: object) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    sent: (webhook) => write({ sent: webhook }),
    answered: (answer) => write({ answered: answer }),
  };
}

/** Everything that was sent, in the order of its time. */
export function readLedger(folder: string): readonly Posted[] {
  const sent: SentWebhook[] = [];
  const answers = new Map<string, Answered>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    for (const text of lines) {
      const line: unknown = JSON.parse(text);
      if (!isObject(line)) continue;
      if (isSent(line['sent'])) sent.push(line['sent']);
      if (isAnswered(line['answered'])) answers.set(line['answered'].id, line['answered']);
    }
  }
  return sent
    .map((webhook) => ({ ...webhook, answer: answers.get(webhook.id) }))
    .sort((one, other) => one.atMs - other.atMs);
}

/** Of a file that nobody but `ledgerIn` writes, so one field tells a line. */
function isSent(value: unknown): value is SentWebhook {
  return isObject(value) && typeof value['kind'] === 'string';
}

function isAnswered(value: unknown): value is Answered {
  return isObject(value) && typeof value['status'] === 'number';
}
