import type { ModelReply, ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import { OpenAiConnection, type OpenAiConnectionOptions } from './open-ai-connection.ts';
import { readResponse } from './read-response.ts';
import { responseRequest } from './response-request.ts';

/** The Responses API of OpenAI. */
export class OpenAiReplyModel implements ReplyModel {
  readonly #connection: OpenAiConnection;

  constructor(options: OpenAiConnectionOptions) {
    this.#connection = new OpenAiConnection(options);
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    return this.#connection.call<ModelReply>(request.timeoutMs, async (openAi, signal) =>
      readResponse(await openAi.responses.create(responseRequest(request), { signal })),
    );
  }
}
