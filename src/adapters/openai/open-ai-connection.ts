import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenAI } from 'openai';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Failure } from '#domain/failure.ts';
import {
  asStopped,
  classifyModelError,
  DISCONNECTED,
  isWorthAnotherTry,
  NO_API_KEY,
  NOT_CONNECTED,
  TIMED_OUT,
  UNREADABLE,
} from './model-failure.ts';
import type { FailedResponse } from './read-response.ts';
import { retryAfterMs } from './retry-after.ts';

export interface OpenAiConnectionOptions {
  readonly secrets: Pick<SecretSource, 'platform' | 'refreshPlatform'>;
  /** With its version, as in `OPENAI_BASE_URL`. */
  readonly baseUrl?: string | undefined;
}

const LONGEST_WAIT_MS = 30_000;
const PAUSE_MS = 250;

type Sdk = typeof import('openai');

/** One try of a call. */
type Attempt<Reply> = (openAi: OpenAI, deadline: AbortSignal, sdk: Sdk) => Promise<Reply>;

/**
 * Calls OpenAI. A whole call, its second try included, ends within its timeout. The SDK's own retries are
 * off: it would sleep for as long as a 429 asks, in a function that is paid for by time.
 */
export class OpenAiConnection {
  readonly #options: OpenAiConnectionOptions;
  #client: { readonly apiKey: string; readonly openAi: OpenAI } | undefined;

  constructor(options: OpenAiConnectionOptions) {
    this.#options = options;
  }

  /** Tries once, and once more at once where that often helps. */
  async call<Reply extends { readonly kind: string }>(
    timeoutMs: number,
    attempt: Attempt<Reply>,
  ): Promise<Reply | FailedResponse> {
    const budgetMs = Math.max(1, Math.min(LONGEST_WAIT_MS, timeoutMs));
    const deadline = AbortSignal.timeout(budgetMs);
    const first = await this.#try(attempt, deadline);
    if (!isFailed(first) || !(await this.#isReadyForAnotherTry(first.failure))) return first;
    return deadline.aborted ? first : this.#try(attempt, deadline);
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
    // Loaded on first use: it costs a function that may not need it a quarter of its start.
    const sdk = await import('openai');
    try {
      const { openAiApiKey } = await this.#options.secrets.platform();
      if (!openAiApiKey) return { kind: 'failed', failure: NO_API_KEY };
      return await attempt(this.#clientFor(sdk, openAiApiKey), deadline, sdk);
    } catch (error) {
      return asStopped(failureOf(error, sdk, deadline));
    }
  }

  #clientFor(sdk: Sdk, apiKey: string): OpenAI {
    if (this.#client?.apiKey !== apiKey) {
      const openAi = new sdk.OpenAI({
        apiKey,
        baseURL: this.#options.baseUrl ?? 'https://api.openai.com/v1',
        organization: null,
        project: null,
        maxRetries: 0,
        timeout: LONGEST_WAIT_MS,
        logLevel: 'off',
      });
      this.#client = { apiKey, openAi };
    }
    return this.#client.openAi;
  }
}

function isFailed(reply: { readonly kind: string } | FailedResponse): reply is FailedResponse {
  return reply.kind === 'failed';
}

function failureOf(error: unknown, sdk: Sdk, deadline: AbortSignal): Failure {
  if (error instanceof SecretUnavailableError) {
    const needs = error.needs === 'operator' ? 'fix-needed' : 'retry';
    return { class: needs, code: `openai:secret-needs-${error.needs}` };
  }
  if (deadline.aborted || error instanceof sdk.APIConnectionTimeoutError) return TIMED_OUT;
  if (error instanceof sdk.APIConnectionError) {
    return wasNeverConnected(error) ? NOT_CONNECTED : DISCONNECTED;
  }
  if (error instanceof sdk.APIError && error.status !== undefined) {
    const { status, code, type, headers } = error;
    return classifyModelError({
      status,
      code: code ?? undefined,
      type,
      retryAfterMs: retryAfterMs(headers),
    });
  }
  return UNREADABLE;
}

/** Codes of Node and of its `fetch` for a connection that was not made: nothing was asked yet. */
const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

/** The SDK wraps what `fetch` threw, which wraps what the socket said. */
function wasNeverConnected(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string' && NEVER_CONNECTED.includes(code)) return true;
  }
  return false;
}
