import type { OpenAI } from 'openai';
import { isObject, objectAt, textAt } from '#domain/json.ts';
import { JsonPoster, type PostResult, UNUSABLE_TOKEN } from '#runtime/post-json.ts';
import {
  asStopped,
  classifyModelError,
  DISCONNECTED,
  NOT_CONNECTED,
  TIMED_OUT,
} from './model-failure.ts';
import { OpenAiConnection, type OpenAiConnectionOptions } from './open-ai-connection.ts';
import type { FailedResponse } from './read-response.ts';
import { retryAfterMs } from './retry-after.ts';

export type OpenAiOptions = OpenAiConnectionOptions;

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** It says the instructions back, beside what the model wrote. */
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * OpenAI's `POST /v1/responses`, by a connection of our own: every turn goes this way, and the package loads
 * all of its API and Node's `fetch` for it (docs/adr/038-the-sdk-without-its-middleware.md).
 */
export class OpenAiResponses {
  readonly #connection: OpenAiConnection;
  readonly #poster = new JsonPoster({ mostAnswerBytes: MOST_ANSWER_BYTES });

  constructor(options: OpenAiOptions) {
    this.#connection = new OpenAiConnection(options);
  }

  /** @param read tells what an answer with HTTP 200 says, which can still be a failure */
  async create<Reply extends { readonly kind: string }>(
    body: Body,
    timeoutMs: number,
    read: (response: unknown) => Reply | FailedResponse,
  ): Promise<Reply | FailedResponse> {
    return this.#connection.call(timeoutMs, async ({ apiKey, baseUrl }, deadline) => {
      const url = `${baseUrl.replace(/\/+$/, '')}/responses`;
      const result = await this.#poster.post({ url, token: apiKey, body, deadline });
      if (result.kind === 'answered' && result.status >= 200 && result.status < 300) {
        return read(result.body);
      }
      return asStopped(failureOf(result));
    });
  }
}

/** As the API says it of a key that it does not know. */
const KEY_REFUSED = classifyModelError({
  status: 401,
  code: 'invalid_api_key',
  type: undefined,
});

function failureOf(result: PostResult) {
  if (result.kind !== 'answered') {
    if (result.code === UNUSABLE_TOKEN) return KEY_REFUSED;
    // What was never sent costs nothing, also where the time was up before there was a connection.
    if (result.kind === 'not-sent') return NOT_CONNECTED;
    return result.code === 'timeout' ? TIMED_OUT : DISCONNECTED;
  }
  const { status, headers, body } = result;
  const error = isObject(body) ? objectAt(body, 'error') : undefined;
  return classifyModelError({
    status,
    code: error && textAt(error, 'code'),
    type: error && textAt(error, 'type'),
    retryAfterMs: retryAfterMs((name) => headers[name]),
  });
}
