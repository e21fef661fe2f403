import type { Failure } from '#domain/failure.ts';
import {
  classifyModelError,
  DISCONNECTED,
  NOT_CONNECTED,
  TIMED_OUT,
  UNREADABLE,
} from './model-failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** What an exception of the package `openai` means. */
export function packageFailure(
  error: unknown,
  sdk: typeof import('openai'),
  deadline: AbortSignal,
): Failure {
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
      retryAfterMs: retryAfterMs((name) => headers?.get(name)),
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
