import {
  getRetryAfterHint,
  isThrottlingError,
  isTransientError,
  type StandardRetryStrategy,
} from '@smithy/core/retry';
import type { RetryErrorInfo, SdkError } from '@smithy/types';
import type { Abort } from './aws-connection.ts';

/** The SDK's own: how often, with which pauses, and a budget for all calls of a client. */
export type RequestRetries = Pick<
  StandardRetryStrategy,
  'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'
>;

/** @throws what the last attempt threw, also where the signal ends the pause before the next */
export async function withRetries<Result>(
  retries: RequestRetries,
  abort: Abort,
  attempt: () => Promise<Result>,
): Promise<Result> {
  let token = await retries.acquireInitialRetryToken('');
  for (;;) {
    try {
      const result = await attempt();
      retries.recordSuccess(token);
      return result;
    } catch (error) {
      if (!isSdkError(error) || abort?.aborted) throw error;
      const next = retries.refreshRetryTokenForRetry(token, infoOf(error)).catch(() => undefined);
      const granted = await unlessAborted(next, abort);
      if (granted === undefined) throw error;
      token = granted;
    }
  }
}

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error;
}

function infoOf(error: SdkError): RetryErrorInfo {
  const retryAfterHint = getRetryAfterHint(error.$response);
  return { error, errorType: typeOf(error), ...(retryAfterHint && { retryAfterHint }) };
}

function typeOf(error: SdkError): RetryErrorInfo['errorType'] {
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}

/** @returns undefined where the signal comes first, which is asked no longer than it takes */
async function unlessAborted<Value>(
  value: Promise<Value>,
  abort: Abort,
): Promise<Value | undefined> {
  if (!abort || !('addEventListener' in abort)) return value;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  abort.addEventListener('abort', onAbort);
  try {
    return await Promise.race([value, promise]);
  } finally {
    abort.removeEventListener('abort', onAbort);
  }
}
