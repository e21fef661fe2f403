import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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
  setModelLatency(latencyMs: number): Promise<void>;
  /** What was called since this was asked the last time. */
  takeCalls(): Promise<Calls>;
  close(): Promise<void>;
}

export async function startStandIns(assemblyDirectory: string): Promise<StandIns> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [assemblyDirectory]);
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
    setModelLatency: async (latencyMs) => void (await ask('model', { latencyMs })),
    takeCalls: async () => JSON.parse(await ask('take-calls')),
    close: async () => {
      child.disconnect();
      await exited;
    },
  };
}
