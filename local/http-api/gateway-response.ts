import type { InvokeOutcome } from '../lambda/invocation.ts';

/** What the gateway answers its client. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** An answer of the gateway itself. */
export function gatewayMessage(status: number, message: string): GatewayResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

const INTERNAL = 'Internal Server Error';

/**
 * Turns the outcome of the function behind a route into the gateway's answer. The format 2.0 lets a
 * function return a bare value, which then is the body of a 200
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function gatewayResponse(outcome: InvokeOutcome): GatewayResponse {
  switch (outcome.kind) {
    case 'returned':
      return responseOf(outcome.payload);
    case 'failed':
      return gatewayMessage(500, INTERNAL);
    case 'throttled':
      return gatewayMessage(503, 'Service Unavailable');
    case 'refused':
      return outcome.status === 413
        ? gatewayMessage(413, 'Request Entity Too Large')
        : gatewayMessage(outcome.status >= 500 ? outcome.status : 500, INTERNAL);
  }
}

function responseOf(payload: string): GatewayResponse {
  const value: unknown = JSON.parse(payload);
  const fields = typeof value === 'object' && value !== null ? (value as Response) : undefined;
  if (!fields || !('statusCode' in fields)) {
    const text = typeof value === 'string' ? value : payload;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(text),
    };
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded } = fields;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') {
    return gatewayMessage(500, INTERNAL);
  }
  const named = Object.entries(headers).map(([name, each]) => [name.toLowerCase(), String(each)]);
  return {
    status,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(named),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** The fields of a structured response, none of which can be trusted. */
interface Response {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}
