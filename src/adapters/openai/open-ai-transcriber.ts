import type { Recording, Transcriber, Transcription } from '#app/ports/transcriber.ts';
import { isObject, numberAt, objectAt } from '#domain/json.ts';
import { asStopped, UNREADABLE } from './model-failure.ts';
import {
  LONGEST_WAIT_MS,
  OpenAiConnection,
  type OpenAiConnectionOptions,
} from './open-ai-connection.ts';
import { packageFailure } from './package-failure.ts';

/** OpenAI's `POST /v1/audio/transcriptions`. Which language is spoken is left to the model. */
export class OpenAiTranscriber implements Transcriber {
  readonly #connection: OpenAiConnection;

  constructor(options: OpenAiConnectionOptions) {
    this.#connection = new OpenAiConnection(options);
  }

  async transcribe({ model, bytes, fileName, timeoutMs }: Recording): Promise<Transcription> {
    return this.#connection.call<Transcription>(timeoutMs, async (peer, deadline) => {
      // Loaded on first use: few messages are spoken, and it costs a function a quarter of its start.
      const sdk = await import('openai');
      try {
        // The ending tells the format; without one the file is refused.
        const file = await sdk.toFile(bytes, fileName);
        const body = { model, file, response_format: 'json' } as const;
        const { transcriptions } = clientOf(sdk, peer).audio;
        return readTranscription(await transcriptions.create(body, { signal: deadline }));
      } catch (error) {
        return asStopped(packageFailure(error, sdk, deadline));
      }
    });
  }
}

/** Its own retries are off: it would sleep for as long as a 429 asks, in a function that is paid for by time. */
function clientOf(sdk: typeof import('openai'), peer: { apiKey: string; baseUrl: string }) {
  return new sdk.OpenAI({
    apiKey: peer.apiKey,
    baseURL: peer.baseUrl,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: LONGEST_WAIT_MS,
    logLevel: 'off',
  });
}

function readTranscription(body: unknown): Transcription {
  const text: unknown = isObject(body) ? body['text'] : undefined;
  if (!isObject(body) || typeof text !== 'string') return { kind: 'failed', failure: UNREADABLE };
  const usage = objectAt(body, 'usage');
  const seconds = usage?.['type'] === 'duration' ? numberAt(usage, 'seconds') : undefined;
  return { kind: 'text', text: text.trim(), seconds };
}
