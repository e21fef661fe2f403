import type { ModelReply, ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import { type OpenAiOptions, OpenAiResponses } from './open-ai-responses.ts';
import { readResponse } from './read-response.ts';
import { responseRequest } from './response-request.ts';

/** Replies by the Responses API of OpenAI. */
export class OpenAiReplyModel implements ReplyModel {
  readonly #responses: OpenAiResponses;

  constructor(options: OpenAiOptions) {
    this.#responses = new OpenAiResponses(options);
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    return this.#responses.create(responseRequest(request), request.timeoutMs, (response) =>
      readResponse(response, request.moderation),
    );
  }
}
