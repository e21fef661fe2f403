import { BenchError } from '../function/bench-error.ts';
import { complaintIn } from '../function/complaint.ts';

/** How often each operation was called. */
export type TurnCalls = Readonly<Record<string, number>>;

/** What came of an invocation. */
export interface Turned {
  readonly result: string;
  /** Of the function. */
  readonly log: readonly string[];
}

/**
 * A turn that was put off, or for which the apology went out, costs something else.
 * @throws BenchError
 */
export function checkTurns(calls: TurnCalls, chats: number, { result, log }: Turned): void {
  const { 'Model responses': asked = 0, 'Graph messages': sent = 0 } = calls;
  // A message to each, and a read receipt.
  if (isAllAnswered(result) && asked === chats && sent === 2 * chats) return;
  const what = chats === 1 ? 'A chat was' : `${chats} chats were`;
  throw new BenchError(
    `${what} to be answered, each once; the processor says "${complaintIn(log)}" (calls of the model: ${asked}, of WhatsApp: ${sent})\n${log.join('\n')}`,
  );
}

/** Where calls are counted elsewhere. @throws BenchError */
export function checkAnswered({ result, log }: Turned): void {
  if (isAllAnswered(result)) return;
  throw new BenchError(
    `Every chat was to be answered; the processor says "${complaintIn(log)}"\n${log.join('\n')}`,
  );
}

function isAllAnswered(result: string): boolean {
  return result === '{"batchItemFailures":[]}';
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
