import type { Recording, Transcriber, Transcription } from '#app/ports/transcriber.ts';
import { isObject, numberAt, objectAt } from '#domain/json.ts';
import { UNREADABLE } from './model-failure.ts';
import { OpenAiConnection, type OpenAiConnectionOptions } from './open-ai-connection.ts';

/** OpenAI's `POST /v1/audio/transcriptions`. Which language is spoken is left to the model. */
export class OpenAiTranscriber implements Transcriber {
  readonly #connection: OpenAiConnection;

  constructor(options: OpenAiConnectionOptions) {
    this.#connection = new OpenAiConnection(options);
  }

  async transcribe({ model, bytes, fileName, timeoutMs }: Recording): Promise<Transcription> {
    return this.#connection.call<Transcription>(timeoutMs, async (openAi, signal, { toFile }) => {
      // The ending tells the format; without one the file is refused.
      const file = await toFile(bytes, fileName);
      const body = { model, file, response_format: 'json' } as const;
      return readTranscription(await openAi.audio.transcriptions.create(body, { signal }));
    });
  }
}

function readTranscription(body: unknown): Transcription {
  const text: unknown = isObject(body) ? body['text'] : undefined;
  if (!isObject(body) || typeof text !== 'string') return { kind: 'failed', failure: UNREADABLE };
  const usage = objectAt(body, 'usage');
  const seconds = usage?.['type'] === 'duration' ? numberAt(usage, 'seconds') : undefined;
  return { kind: 'text', text: text.trim(), seconds };
}
