import type { Failure, FailureClass } from '#domain/failure.ts';
import type { FailedResponse } from './read-response.ts';

/** What an error of the OpenAI API says of itself. */
export interface ModelError {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** By error code (API reference, "Error codes", and `response.error.code`); a code wins over its status. */
const CLASS_OF_CODE: Readonly<Record<string, FailureClass>> = {
  // Try later.
  rate_limit_exceeded: 'retry',
  slow_down: 'retry',
  server_is_overloaded: 'retry',
  server_error: 'retry',
  // Waiting does not help: the operator pays, or repairs the configuration.
  insufficient_quota: 'fix-needed',
  credit_balance_exhausted: 'fix-needed',
  organization_spend_limit_exceeded: 'fix-needed',
  project_spend_limit_exceeded: 'fix-needed',
  organization_usage_limit_exceeded: 'fix-needed',
  invalid_api_key: 'fix-needed',
  model_not_found: 'fix-needed',
  data_residency_mismatch: 'fix-needed',
  unknown_parameter: 'fix-needed',
  unsupported_parameter: 'fix-needed',
  unsupported_value: 'fix-needed',
  // This conversation gets no answer from this model, however often it is asked.
  context_length_exceeded: 'reply-anyway',
  invalid_prompt: 'reply-anyway',
  bio_policy: 'reply-anyway',
  misalignment_policy_violation: 'reply-anyway',
  moderation_blocked: 'reply-anyway',
  content_policy_violation: 'reply-anyway',
  image_content_policy_violation: 'reply-anyway',
};

/** The account is out of money, or at a limit that somebody set. */
const QUOTA_NEEDED = [
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
];

const CLASS_OF_STATUS: Readonly<Record<number, FailureClass>> = {
  400: 'reply-anyway',
  408: 'retry',
  409: 'retry',
  413: 'reply-anyway',
  422: 'reply-anyway',
  429: 'retry',
};

/** A refusal over HTTP. */
export function classifyModelError({ status = 0, code, type, retryAfterMs }: ModelError): Failure {
  for (const word of [code, type]) {
    const known = word === undefined ? undefined : classOfWord(word);
    if (known) {
      return { class: known, code: `openai:${word}`, remedy: remedyFor(word), retryAfterMs };
    }
  }
  const byStatus = status >= 500 ? 'retry' : (CLASS_OF_STATUS[status] ?? 'fix-needed');
  return { class: byStatus, code: `openai:${status}`, retryAfterMs };
}

/** A failure inside a response whose HTTP status was 200. */
export function classifyFailedResponse(code: string | undefined): Failure {
  const known = code === undefined ? undefined : classOfWord(code);
  return known
    ? { class: known, code: `openai:${code}`, remedy: remedyFor(code) }
    : { class: 'reply-anyway', code: 'openai:failed' };
}

function remedyFor(word: string | undefined): Failure['remedy'] {
  return word !== undefined && QUOTA_NEEDED.includes(word) ? 'quota' : undefined;
}

function classOfWord(word: string): FailureClass | undefined {
  return Object.hasOwn(CLASS_OF_CODE, word) ? CLASS_OF_CODE[word] : undefined;
}

/** The time was up before the answer was whole. */
export const TIMED_OUT: Failure = { class: 'retry', code: 'openai:timeout', mayHaveCost: true };
/** There never was a connection. */
export const NOT_CONNECTED: Failure = { class: 'retry', code: 'openai:no-connection' };
/** The connection broke before the answer was whole. */
export const DISCONNECTED: Failure = {
  class: 'retry',
  code: 'openai:connection',
  mayHaveCost: true,
};
/** An answer that is not the API's: a proxy's page, half a body. */
export const UNREADABLE: Failure = {
  class: 'retry',
  code: 'openai:unreadable',
  mayHaveCost: true,
};
/** What the tenant wants moderated could not be: then it is not sent either. */
export const UNMODERATED: Failure = { class: 'reply-anyway', code: 'openai:not-moderated' };
export const NO_API_KEY: Failure = { class: 'fix-needed', code: 'openai:no-api-key' };

/** Codes by which moderation stops a request before anything is answered. */
const STOPS = ['moderation_blocked', 'content_policy_violation', 'image_content_policy_violation'];

/** A failure as it is, but that one of moderation is no failure. */
export function asStopped(failure: Failure): FailedResponse {
  const isStop = STOPS.some((code) => failure.code === `openai:${code}`);
  const stopped = isStop ? ({ by: 'moderation', at: 'input' } as const) : undefined;
  return { kind: 'failed', failure, stopped };
}

/**
 * Trying once more at once often helps, and costs the customer no wait in the queue. Not where the first
 * try may have been charged for: such calls are counted, and the queue brings the next one.
 */
export function isWorthAnotherTry({ code }: Failure): boolean {
  return code === NOT_CONNECTED.code || /^openai:(408|409|5\d\d|server_error)$/.test(code);
}
