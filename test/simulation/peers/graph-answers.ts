import type { FailureClass } from '#domain/failure.ts';

/** An answer of the Graph API to a send that was not a success, and what the documentation says it means. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: string;
  /** `ambiguous`: perhaps sent. Written from Meta's error reference, not from the adapter's table. */
  readonly means: FailureClass | 'ambiguous';
}

function answer(
  status: number,
  code: number,
  means: GraphAnswer['means'],
  over: object = {},
): GraphAnswer {
  const message = `(#${code}) to 34600110000`;
  return { status, body: { error: { message, type: 'OAuthException', code, ...over } }, means };
}

/** Refused before processing: safe to send again at once. */
export const CERTAIN_RETRIES: readonly GraphAnswer[] = [
  answer(400, 4, 'retry'),
  answer(400, 80007, 'retry'),
  { ...answer(400, 130429, 'retry'), retryAfter: '2' },
  answer(400, 131056, 'retry'),
  answer(500, 131057, 'retry'),
  { status: 429, body: undefined, retryAfter: '5', means: 'retry' },
];

/** The message may have gone out all the same. */
export const PERHAPS_SENT: readonly GraphAnswer[] = [
  answer(400, 1, 'ambiguous'),
  answer(503, 2, 'ambiguous'),
  answer(500, 131000, 'ambiguous'),
  answer(500, 131016, 'ambiguous'),
  { status: 500, body: undefined, means: 'ambiguous' },
  { status: 502, body: '<html>', means: 'ambiguous' },
  answer(500, 999_999, 'ambiguous'),
  answer(400, 999_998, 'ambiguous', { is_transient: true }),
];

export const NEEDS_FIX: readonly GraphAnswer[] = [
  answer(403, 10, 'fix-needed'),
  answer(403, 200, 'fix-needed'),
  answer(403, 368, 'fix-needed'),
  answer(403, 131031, 'fix-needed'),
  answer(400, 131042, 'fix-needed'),
  answer(400, 133010, 'fix-needed'),
  answer(400, 100, 'fix-needed', { error_subcode: 33 }),
  answer(404, 999_997, 'fix-needed'),
];

export const GIVES_UP: readonly GraphAnswer[] = [
  answer(400, 131026, 'give-up-here'),
  answer(400, 100, 'give-up-here'),
  answer(400, 131021, 'give-up-here'),
  answer(400, 130472, 'give-up-here'),
  answer(400, 131009, 'give-up-here'),
];

export const TOKEN_REFUSED = answer(401, 190, 'fix-needed');
export const INVALID = answer(400, 131009, 'give-up-here');
export const WINDOW_CLOSED = answer(400, 131047, 'give-up-here');
export const PAIR_LIMIT = answer(400, 131056, 'retry');
export const THROUGHPUT_LIMIT = answer(400, 130429, 'retry');
