import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endsWithUs } from '../../../local/ends-with-us.ts';
import type { FunctionDefinition } from '../../../local/lambda/function-definition.ts';
import { isObject, textAt } from '../../../src/domain/json.ts';
import type { Calls } from './peers.ts';

/** AWS, the model and WhatsApp, in a process of their own, with tables and queues of a stage's template. */
export interface StandIns {
  readonly url: string;
  /** Of the template, with exactly its variables. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Has each of these customers write a message. @returns the event that the processor gets, as JSON */
  ring(customers: readonly number[]): Promise<string>;
  /** An event of what lies in a queue, as JSON; nothing is received by it. */
  lying(queueUrl: string, limit: number): Promise<string>;
  /** Has each of these customers write a message; it lies in the queue, and nothing else is thrown away. */
  write(customers: readonly number[], text?: string): Promise<void>;
  /** A batch of what lies in the chat queue and whose chats nobody has in hand, as JSON; empty = nothing. */
  receive(): Promise<string>;
  /** Has chats of which each has had a turn begin so many messages earlier. */
  giveHistory(customers: readonly number[], messages: number): Promise<void>;
  /** Has all that was said in these chats in their summary. */
  summarise(customers: readonly number[]): Promise<void>;
  /** Adds tenants by number, each with a number of WhatsApp: `numberOfTenant`. */
  addTenants(from: number, to: number): Promise<void>;
  /** @param slow for requests that hold this text, so much more */
  setModelLatency(latencyMs: number, slow?: SlowModel): Promise<void>;
  /** What was called since this was asked the last time. */
  takeCalls(): Promise<Calls>;
  close(): Promise<void>;
}

interface SlowModel {
  readonly slowText: string;
  readonly moreMs: number;
}

export async function startStandIns(assemblyDirectory: string): Promise<StandIns> {
  const child = endsWithUs(fork(join(import.meta.dirname, 'main.ts'), [assemblyDirectory]));
  const exited = once(child, 'exit');
  const [said] = await Promise.race([once(child, 'message'), exited]);
  const url = isObject(said) ? textAt(said, 'url') : undefined;
  if (url === undefined) throw new Error('The stand-ins did not start: see what they wrote above');
  const ask = async (command: string, input: object = {}) => {
    const asked = { method: 'POST', body: JSON.stringify(input) };
    const response = await fetch(`${url}/stand-ins/${command}`, asked);
    const text = await response.text();
    if (!response.ok) throw new Error(`The stand-ins refuse ${command}: ${text}`);
    return text;
  };
  const functions: readonly FunctionDefinition[] = JSON.parse(await ask('functions'));
  return {
    url,
    functions: new Map(functions.map((each) => [each.name, each])),
    ring: (customers) => ask('ring', { customers }),
    lying: (queueUrl, limit) => ask('lying', { queueUrl, limit }),
    write: async (customers, text) => void (await ask('write', { customers, text })),
    receive: () => ask('receive'),
    giveHistory: async (customers, messages) =>
      void (await ask('history', { customers, messages })),
    summarise: async (customers) => void (await ask('summarise', { customers })),
    addTenants: async (from, to) => void (await ask('tenants', { from, to })),
    setModelLatency: async (latencyMs, slow) => void (await ask('model', { latencyMs, ...slow })),
    takeCalls: async () => JSON.parse(await ask('take-calls')),
    close: async () => {
      child.disconnect();
      await exited;
    },
  };
}
