import type { RandomBytes } from './random-bytes.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly details?: string;
}

/**
 * Codes with the HTTP status, words and details that Meta gives them. Source: WhatsApp Cloud API
 * "Error codes" (developers.facebook.com, 2026-06-18); words are not stable, codes are.
 */
const CATALOGUE: Readonly<Record<number, Refusal>> = {
  0: { status: 401, message: 'AuthException' },
  1: { status: 400, message: 'API Unknown' },
  2: { status: 503, message: 'Service temporarily unavailable' },
  3: { status: 500, message: 'API Method' },
  4: { status: 400, message: 'Application request limit reached' },
  10: { status: 403, message: 'Application does not have permission for this action' },
  33: { status: 400, message: 'Parameter value is not valid' },
  100: { status: 400, message: 'Invalid parameter' },
  190: { status: 401, message: 'Invalid OAuth access token - Cannot parse access token' },
  200: { status: 403, message: 'API Permission' },
  368: { status: 403, message: 'Temporarily blocked for policies violations' },
  803: { status: 404, message: 'Some of the aliases you requested do not exist' },
  80007: { status: 400, message: 'Rate limit issues' },
  130403: { status: 400, message: 'The business has blocked this user' },
  130429: {
    status: 400,
    message: 'Rate limit hit',
    details: 'Cloud API message throughput has been reached.',
  },
  130472: { status: 400, message: "User's number is part of an experiment" },
  130497: {
    status: 403,
    message: 'Business account is restricted from messaging users in this country',
  },
  131000: { status: 500, message: 'Something went wrong' },
  131005: { status: 403, message: 'Access denied' },
  131008: { status: 400, message: 'Required parameter is missing' },
  131009: { status: 400, message: 'Parameter value is not valid' },
  131016: { status: 500, message: 'Service unavailable' },
  131021: { status: 400, message: 'Recipient cannot be sender' },
  131026: { status: 400, message: 'Message undeliverable' },
  131031: { status: 403, message: 'Business Account locked' },
  131037: { status: 400, message: 'WhatsApp provided number needs display name approval' },
  131042: { status: 400, message: 'Business eligibility payment issue' },
  131045: { status: 500, message: 'Incorrect certificate' },
  131047: {
    status: 400,
    message: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
  131048: { status: 400, message: 'Spam rate limit hit' },
  131049: { status: 400, message: 'Meta chose not to deliver' },
  131050: { status: 400, message: 'User has stopped marketing messages' },
  131051: { status: 400, message: 'Unsupported message type' },
  131052: { status: 400, message: 'Media download error' },
  131053: { status: 400, message: 'Media upload error' },
  131056: {
    status: 400,
    message: '(Business Account, Consumer Account) pair rate limit hit',
    details:
      'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
  },
  131057: { status: 500, message: 'Account in maintenance mode' },
  131062: { status: 400, message: 'Business-scoped user id cannot be used for this message' },
  131208: { status: 429, message: 'Group rate limit hit' },
  132000: { status: 400, message: 'Template Param Count Mismatch' },
  132001: { status: 404, message: 'Template does not exist' },
  132005: { status: 400, message: 'Template Hydrated Text Too Long' },
  132007: { status: 400, message: 'Template Format Character Policy Violated' },
  132012: { status: 400, message: 'Template Parameter Format Mismatch' },
  132015: { status: 400, message: 'Template is Paused' },
  132016: { status: 400, message: 'Template is Disabled' },
  133000: { status: 500, message: 'Incomplete Deregistration' },
  133004: { status: 503, message: 'Server Temporarily Unavailable' },
  133010: { status: 400, message: 'Phone number Not Registered' },
  135000: { status: 400, message: 'Generic user error' },
};

/** Which of Meta's errors belongs to a bare HTTP status. */
const CODE_BY_STATUS: Readonly<Record<number, number>> = {
  400: 100,
  401: 190,
  403: 10,
  404: 803,
  429: 4,
  500: 131000,
  502: 2,
  503: 2,
  504: 2,
};

const TRANSIENT: readonly number[] = [2, 131016, 133004];

export interface GraphErrorOptions {
  readonly details?: string | undefined;
  readonly subcode?: number | undefined;
  /** HTTP status, where it is not the code's usual one. */
  readonly status?: number | undefined;
  /** Whole message, where Meta does not build it from the code. */
  readonly message?: string | undefined;
}

/** The `error` object of Meta's answer, also what a `failed` status repeats. */
export interface GraphErrorObject {
  readonly message: string;
  readonly type: string;
  readonly code: number;
  readonly error_subcode?: number;
  readonly error_data?: { readonly messaging_product: 'whatsapp'; readonly details: string };
  readonly is_transient?: boolean;
  readonly fbtrace_id: string;
}

/** A request that Meta would refuse. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: number;
  readonly status: number;
  readonly details: string | undefined;
  readonly subcode: number | undefined;

  constructor(code: number, options: GraphErrorOptions = {}) {
    const known = CATALOGUE[code];
    const message = options.message ?? known?.message ?? 'Unknown error';
    super(code === 190 || options.message !== undefined ? message : `(#${code}) ${message}`);
    this.code = code;
    this.status = options.status ?? known?.status ?? 400;
    this.details = options.details ?? known?.details;
    this.subcode = options.subcode;
  }

  toObject(randomBytes: RandomBytes): GraphErrorObject {
    return {
      message: this.message,
      type: this.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
      code: this.code,
      ...(this.subcode === undefined ? {} : { error_subcode: this.subcode }),
      ...(this.details === undefined
        ? {}
        : { error_data: { messaging_product: 'whatsapp', details: this.details } }),
      ...(TRANSIENT.includes(this.code) ? { is_transient: true } : {}),
      fbtrace_id: `A${Buffer.from(randomBytes(16)).toString('base64url')}`,
    };
  }
}

/** The error that stands behind a bare HTTP status from Meta. */
export function graphErrorOfStatus(status: number): GraphError {
  const code = CODE_BY_STATUS[status] ?? (status >= 500 ? 131000 : 100);
  return new GraphError(code, { status });
}

/** Words for a code as `failed` statuses give them. */
export function titleOf(code: number): string {
  return CATALOGUE[code]?.message ?? 'Unknown error';
}

export function unknownObject(id: string, method: string): GraphError {
  return new GraphError(100, {
    subcode: 33,
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  });
}
