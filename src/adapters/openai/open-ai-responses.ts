import type { OpenAI } from 'openai';
import { OpenAiConnection, type OpenAiConnectionOptions } from './open-ai-connection.ts';
import type { FailedResponse } from './read-response.ts';

export type OpenAiOptions = OpenAiConnectionOptions;

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** The Responses API of OpenAI. */
export class OpenAiResponses {
  readonly #connection: OpenAiConnection;

  constructor(options: OpenAiOptions) {
    this.#connection = new OpenAiConnection(options);
  }

  /** @param read tells what an answer with HTTP 200 says, which can still be a failure */
  async create<Reply extends { readonly kind: string }>(
    body: Body,
    timeoutMs: number,
    read: (response: unknown) => Reply | FailedResponse,
  ): Promise<Reply | FailedResponse> {
    return this.#connection.call(timeoutMs, async (openAi, signal) =>
      read(await openAi.responses.create(body, { signal })),
    );
  }
}
