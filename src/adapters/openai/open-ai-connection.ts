import { setTimeout as sleep } from 'node:timers/promises';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Failure } from '#domain/failure.ts';
import { asStopped, isWorthAnotherTry, NO_API_KEY, UNREADABLE } from './model-failure.ts';
import type { FailedResponse } from './read-response.ts';

export interface OpenAiConnectionOptions {
  readonly secrets: Pick<SecretSource, 'platform' | 'refreshPlatform'>;
  /** With its version, as in `OPENAI_BASE_URL`. */
  readonly baseUrl?: string | undefined;
}

export const LONGEST_WAIT_MS = 30_000;
const PAUSE_MS = 250;

/** One try of a call, at an address such as `https://api.openai.com/v1`. What it throws is a bug. */
type Attempt<Reply> = (
  peer: { readonly apiKey: string; readonly baseUrl: string },
  deadline: AbortSignal,
) => Promise<Reply | FailedResponse>;

/**
 * Calls OpenAI: with the key as it is now, and once more at once where that often helps. A whole call, its
 * second try included, ends within its timeout.
 */
export class OpenAiConnection {
  readonly #options: OpenAiConnectionOptions;

  constructor(options: OpenAiConnectionOptions) {
    this.#options = options;
  }

  async call<Reply extends { readonly kind: string }>(
    timeoutMs: number,
    attempt: Attempt<Reply>,
  ): Promise<Reply | FailedResponse> {
    const budgetMs = Math.max(1, Math.min(LONGEST_WAIT_MS, timeoutMs));
    const deadline = AbortSignal.timeout(budgetMs);
    const first = await this.#try(attempt, deadline);
    if (!isFailed(first) || deadline.aborted) return first;
    const isReady = await this.#isReadyForAnotherTry(first.failure);
    return isReady && !deadline.aborted ? this.#try(attempt, deadline) : first;
  }

  async #isReadyForAnotherTry(failure: Failure): Promise<boolean> {
    if (failure.code === 'openai:401' || failure.code === 'openai:invalid_api_key') {
      return this.#options.secrets.refreshPlatform();
    }
    if (!isWorthAnotherTry(failure)) return false;
    await sleep(PAUSE_MS);
    return true;
  }

  async #try<Reply>(
    attempt: Attempt<Reply>,
    deadline: AbortSignal,
  ): Promise<Reply | FailedResponse> {
    const { secrets, baseUrl = 'https://api.openai.com/v1' } = this.#options;
    try {
      const { openAiApiKey: apiKey } = await secrets.platform();
      if (!apiKey) return { kind: 'failed', failure: NO_API_KEY };
      return await attempt({ apiKey, baseUrl }, deadline);
    } catch (error) {
      return asStopped(failureOf(error));
    }
  }
}

function isFailed(reply: { readonly kind: string } | FailedResponse): reply is FailedResponse {
  return reply.kind === 'failed';
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof SecretUnavailableError)) return UNREADABLE;
  const needs = error.needs === 'operator' ? 'fix-needed' : 'retry';
  return { class: needs, code: `openai:secret-needs-${error.needs}` };
}
