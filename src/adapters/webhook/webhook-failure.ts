import type { Failure } from '#domain/failure.ts';

/** Raised for an address to which nothing is sent. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/**
 * What an answer other than 2xx means. Whatever it is, the receiver may be put right within hours, so it is
 * tried again; but for 410, by which it says that it wants no more. A redirect is not followed: the business
 * gave the address that may have its customers' words.
 */
export function failureOfStatus(status: number, retryAfter: string | undefined): Failure {
  return {
    class: status === 410 ? 'give-up-here' : 'retry',
    code: `webhook:http-${status}`,
    retryAfterMs: milliseconds(retryAfter),
  };
}

/** Socket and TLS errors go by their codes, which hold no address. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof AddressRefusedError) {
    return { class: 'fix-needed', code: 'webhook:address-refused' };
  }
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return { class: 'retry', code: 'webhook:timeout' };
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const word = typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : 'unknown';
  return { class: 'retry', code: `webhook:${word.toLowerCase()}` };
}

function milliseconds(retryAfter: string | undefined): number | undefined {
  return retryAfter && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}
