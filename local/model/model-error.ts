/** A refusal with OpenAI's error body. */
export interface ModelErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export interface ModelErrorInit extends ModelErrorBody {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ModelErrorBody;

  constructor({ status, headers, ...body }: ModelErrorInit) {
    super(body.message);
    this.status = status;
    this.headers = headers ?? {};
    this.body = body;
  }
}

export interface InvalidRequest {
  readonly message: string;
  readonly param: string;
  readonly code: string;
}

export function invalidRequest(init: InvalidRequest): ModelError {
  return new ModelError({ status: 400, type: 'invalid_request_error', ...init });
}

/** Too many requests or tokens for now; come back after `retryAfterSeconds`. */
export function rateLimited(retryAfterSeconds: number): ModelError {
  return new ModelError({
    status: 429,
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': `${retryAfterSeconds}s`,
    },
    message: 'Rate limit reached for requests. Please try again later.',
    type: 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  });
}

/** The account has no money left; trying again does not help. */
export function outOfQuota(): ModelError {
  return new ModelError({
    status: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    param: null,
    code: 'insufficient_quota',
  });
}

/** What OpenAI says with a bare HTTP status. */
export function errorOfStatus(status: number): ModelError {
  const known = BY_STATUS[status];
  if (status === 429) return rateLimited(1);
  const fallback =
    status >= 500
      ? { message: SERVER_ERROR, type: 'server_error', code: null }
      : { message: 'The request was refused.', type: 'invalid_request_error', code: null };
  return new ModelError({ status, param: null, ...(known ?? fallback) });
}

const SERVER_ERROR =
  'The server had an error while processing your request. Sorry about that! You can retry your request.';

const BY_STATUS: Readonly<Record<number, Omit<ModelErrorInit, 'status' | 'param'>>> = {
  401: {
    message: 'Incorrect API key provided.',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  },
  403: {
    message: 'Your project does not have access to this model.',
    type: 'invalid_request_error',
    code: 'model_not_found',
  },
  404: {
    message: 'The model does not exist or you do not have access to it.',
    type: 'invalid_request_error',
    code: 'model_not_found',
  },
  503: {
    message: 'The server is currently overloaded. Please try again later.',
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
    headers: { 'retry-after': '2' },
  },
};
