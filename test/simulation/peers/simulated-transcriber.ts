import { TIMED_OUT } from '#adapters/openai/model-failure.ts';
import type { Recording, Transcriber, Transcription } from '#app/ports/transcriber.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';
import type { CallFault } from '../plan/fault.ts';

/** Writes down which voice note it was given. */
export class SimulatedTranscriber implements Transcriber {
  readonly #environment: Environment;
  readonly #calls: PortCalls;

  constructor(environment: Environment, calls: PortCalls) {
    this.#environment = environment;
    this.#calls = calls;
  }

  transcribe(recording: Recording): Promise<Transcription> {
    return this.#calls.perform<Transcription>(this.#environment, {
      name: 'transcriber.transcribe',
      args: [recording],
      effect: () => ({ kind: 'text', text: `said in ${voiceIn(recording)}`, seconds: 3 }),
      failed,
      latencyMs: [400, 3_000],
      timeoutMs: recording.timeoutMs,
    });
  }
}

/** The id of the voice note that the bytes spell. */
export function voiceIn({ bytes }: Recording): string {
  return /voice-\d+/.exec(Buffer.from(bytes).toString('latin1'))?.[0] ?? 'nothing';
}

function failed(fault: CallFault): Transcription {
  const failure = fault.startsWith('timeout')
    ? TIMED_OUT
    : ({ class: 'retry', code: 'openai:503' } as const);
  return { kind: 'failed', failure };
}
