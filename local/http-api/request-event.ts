import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { IamAuthorizer } from './iam-authorizer.ts';
import type { RouteMatch } from './routes.ts';

/** A request as the gateway received it. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly atMs: number;
  /** Who calls, where the route asks for it. */
  readonly iam?: IamAuthorizer;
}

/** Whose gateway it is. */
export interface GatewayIdentity {
  readonly account: string;
  readonly apiId: string;
  readonly stage: string;
}

/**
 * The event of payload format 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function requestEvent(
  request: GatewayRequest,
  match: RouteMatch,
  { account, apiId, stage }: GatewayIdentity,
): Readonly<Record<string, unknown>> {
  const { cookie, ...others } = request.headers;
  const query = [...groupedByName(new URLSearchParams(request.rawQuery))];
  const text = request.body.length === 0 ? '' : textOf(request.body, request.headers);
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: headersOf(others, request),
    ...(query.length > 0 && { queryStringParameters: Object.fromEntries(query) }),
    ...(Object.keys(match.parameters).length > 0 && { pathParameters: match.parameters }),
    requestContext: {
      accountId: account,
      apiId,
      ...(request.iam && { authorizer: { iam: request.iam } }),
      domainName: `${apiId}.execute-api.localhost`,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.route.routeKey,
      stage,
      time: commonLogTime(request.atMs),
      timeEpoch: request.atMs,
    },
    ...(request.body.length > 0 && { body: text ?? request.body.toString('base64') }),
    isBase64Encoded: text === undefined,
  };
}

/** Bodies of these types reach the function as text; of all others, forms included, as base64. */
const TEXT = /^(?:text\/.*|application\/(?:json|xml|javascript|[^;]*\+json|[^;]*\+xml))$/;

/** The body as text, or undefined where it travels as base64. */
function textOf(body: Buffer, headers: IncomingHttpHeaders): string | undefined {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!TEXT.test(type)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function headersOf(
  headers: IncomingHttpHeaders,
  { sourceIp }: GatewayRequest,
): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(',')] as const],
  );
  return {
    ...Object.fromEntries(entries),
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'http',
  };
}

/** Values of one name are joined by commas. */
function groupedByName(query: URLSearchParams): ReadonlyMap<string, string> {
  const grouped = new Map<string, string>();
  for (const [name, value] of query) {
    const before = grouped.get(name);
    grouped.set(name, before === undefined ? value : `${before},${value}`);
  }
  return grouped;
}

/** For example `24/Nov/2026:10:03:58 +0000`. */
function commonLogTime(atMs: number): string {
  // toUTCString gives `Tue, 24 Nov 2026 10:03:58 GMT`.
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(/,? /);
  return `${day}/${month}/${year}:${time} +0000`;
}
