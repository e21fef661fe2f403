import type { MemoryModel, MemoryReply, MemoryRequest } from '#app/ports/memory-model.ts';
import type { Extraction } from '#domain/memory/learn.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';
import { pickAt } from '../pick-at.ts';
import { MODEL_ERRORS, MODEL_THROTTLES, MODEL_TIMEOUT } from './model-answers.ts';

const USAGE = { inputTokens: 700, cachedInputTokens: 0, outputTokens: 40 };

/** Remembers of each message whose word it was and which, so that the oracle sees it where it is shown. */
export class SimulatedMemoryModel implements MemoryModel {
  readonly #environment: Environment;
  readonly #calls: PortCalls;

  constructor(environment: Environment, calls: PortCalls) {
    this.#environment = environment;
    this.#calls = calls;
  }

  extract(request: MemoryRequest): Promise<MemoryReply<Extraction>> {
    const facts = wordsOf(request.data).map((word) => ({
      text: `Wrote ${word}.`,
      category: 'other' as const,
      confidence: 0.9,
      level: 'long' as const,
      source: 0,
      repeats: undefined,
      replaces: [],
    }));
    return this.#say('extract', request, { profile: { language: 'es' }, facts });
  }

  summarise(request: MemoryRequest): Promise<MemoryReply<string>> {
    return this.#say('summarise', request, `They wrote ${wordsOf(request.data).join(' ')}.`);
  }

  #say<Said>(name: string, request: MemoryRequest, said: Said): Promise<MemoryReply<Said>> {
    return this.#calls.perform<MemoryReply<Said>>(this.#environment, {
      name: `memory-model.${name}`,
      args: [request],
      effect: () => ({ kind: 'said', said, usage: USAGE }),
      failed: (fault, chance) => {
        const answers = fault === 'throttle' ? MODEL_THROTTLES : MODEL_ERRORS;
        const answer = fault.startsWith('timeout') ? MODEL_TIMEOUT : pickAt(answers, chance);
        const reply = answer.reply();
        if (reply.kind === 'failed') return reply;
        throw new RangeError('A fault is no answer');
      },
      latencyMs: [900, 9_000],
      timeoutMs: request.timeoutMs,
    });
  }
}

/** What the customer wrote, and what the notes say of it. */
function wordsOf(data: string): readonly string[] {
  const lines = data.split('\n').filter((line) => !line.includes('assistant: '));
  return [...new Set(lines.flatMap((line) => line.match(/«[^»]+»/g) ?? []))];
}
