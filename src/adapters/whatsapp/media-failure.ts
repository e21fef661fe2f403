import type { Failure } from '#domain/failure.ts';
import { isObject, numberAt, objectAt } from '#domain/json.ts';
import { classifySendError } from './send-failure.ts';

/** `error_subcode` of a 100 for an id that is unknown, or of another number; 803 says the same. */
const NO_SUCH_OBJECT = 33;
const NOT_FOUND = 803;

/**
 * What an answer of the Graph API to the question for a file means. As for sends, but that a file which is
 * not there is nothing to be repaired: ids live for seven days.
 */
export function classifyMediaError(
  status: number,
  body: unknown,
  retryAfter: string | undefined,
): Failure {
  const sent = classifySendError(status, body, retryAfter);
  const failure: Failure =
    sent.kind === 'refused' ? sent.failure : { class: 'retry', code: sent.code };
  return isGone(body) || status === 404 ? { ...GONE, code: failure.code } : failure;
}

/** What the server of the files itself refused; its bodies are not the Graph API's. */
export function classifyDownloadError(status: number): Failure {
  const isLater = status === 429 || status >= 500 || status < 400;
  const code = `graph:media-http-${status}`;
  return isLater ? { class: 'retry', code } : { class: 'give-up-here', code };
}

/** The address that Graph gave is none that a token may be sent to. */
export const FOREIGN_ADDRESS: Failure = { class: 'give-up-here', code: 'graph:media-address' };
export const NO_ADDRESS: Failure = { class: 'retry', code: 'graph:media-no-address' };

const GONE = { class: 'give-up-here' } as const;

function isGone(body: unknown): boolean {
  const error = isObject(body) ? objectAt(body, 'error') : undefined;
  if (!error) return false;
  const code = numberAt(error, 'code');
  return (
    code === NOT_FOUND || (code === 100 && numberAt(error, 'error_subcode') === NO_SUCH_OBJECT)
  );
}
