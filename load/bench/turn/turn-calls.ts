import { BenchError } from '../function/bench-error.ts';

/** How often each operation was called. */
export type TurnCalls = Readonly<Record<string, number>>;

/**
 * A turn that was put off, or for which the apology went out, costs something else.
 * @throws BenchError
 */
export function checkTurns(calls: TurnCalls, chats: number, result: string): void {
  const { 'Model responses': asked = 0, 'Graph messages': sent = 0 } = calls;
  // A message to each, and a read receipt.
  if (result === '{"batchItemFailures":[]}' && asked === chats && sent === 2 * chats) return;
  throw new BenchError(
    `${chats} chats should have been answered: ${result}, calls ${JSON.stringify(calls)}`,
  );
}

const READS = ['DynamoDB GetItem', 'DynamoDB Query', 'DynamoDB BatchGetItem'];
const WRITES = ['DynamoDB PutItem', 'DynamoDB UpdateItem', 'DynamoDB DeleteItem'];

export function readsIn(calls: TurnCalls): number {
  return sumOf(calls, READS);
}

export function writesIn(calls: TurnCalls): number {
  return sumOf(calls, WRITES);
}

function sumOf(calls: TurnCalls, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (calls[name] ?? 0), 0);
}
