import type { OpenAI } from 'openai';
import type { MemoryModel, MemoryReply, MemoryRequest } from '#app/ports/memory-model.ts';
import type { Extraction } from '#domain/memory/learn.ts';
import { EXTRACTION_FORMAT, readExtraction, readSummary, SUMMARY_FORMAT } from './memory-format.ts';
import { type OpenAiOptions, OpenAiResponses } from './open-ai-responses.ts';
import { readSaid } from './read-response.ts';

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** Reads conversations by the Responses API of OpenAI, which keeps nothing of them. */
export class OpenAiMemoryModel implements MemoryModel {
  readonly #responses: OpenAiResponses;

  constructor(options: OpenAiOptions) {
    this.#responses = new OpenAiResponses(options);
  }

  extract(request: MemoryRequest): Promise<MemoryReply<Extraction>> {
    return this.#responses.create(
      bodyOf(request, EXTRACTION_FORMAT),
      request.timeoutMs,
      (response) => readSaid(response, readExtraction),
    );
  }

  summarise(request: MemoryRequest): Promise<MemoryReply<string>> {
    return this.#responses.create(bodyOf(request, SUMMARY_FORMAT), request.timeoutMs, (response) =>
      readSaid(response, readSummary),
    );
  }
}

/** The instructions are the same for all, so the provider's cache holds them; they need no thinking. */
function bodyOf(
  { model, instructions, data, maxOutputTokens, safetyIdentifier }: MemoryRequest,
  format: typeof EXTRACTION_FORMAT | typeof SUMMARY_FORMAT,
): Body {
  return {
    model,
    instructions,
    input: [{ role: 'user', content: data }],
    store: false,
    reasoning: { effort: 'low' },
    text: { format },
    max_output_tokens: maxOutputTokens,
    safety_identifier: safetyIdentifier,
    prompt_cache_key: format.name,
  };
}
