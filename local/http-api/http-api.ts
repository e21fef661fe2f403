import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { type GatewayResponse, gatewayMessage, gatewayResponse } from './gateway-response.ts';
import type { AuthoriseRequest } from './iam-authorizer.ts';
import { type GatewayIdentity, requestEvent } from './request-event.ts';
import type { RouteMatch, RouteTable } from './routes.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface HttpApiOptions {
  readonly identity: GatewayIdentity;
  readonly routes: RouteTable;
  /** The throttle of a route; undefined where the stage has none. */
  throttleOf(routeKey: string): TokenBucket | undefined;
  functionOf(arn: string): LambdaFunction | undefined;
  /** Judges who calls routes of type AWS_IAM. */
  readonly authorise: AuthoriseRequest;
  readonly onAnswered?: (answered: { readonly status: number; readonly latencyMs: number }) => void;
}

/** Quota of an HTTP API: payload size, in bytes. */
const PAYLOAD_LIMIT = 10 * 1024 * 1024;
/** Hard limit of an HTTP API for what its integration may take. */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** The deployed HTTP API: the routes of the template in front of the functions. */
export class HttpApi {
  readonly #options: HttpApiOptions;

  constructor(options: HttpApiOptions) {
    this.#options = options;
  }

  /** Whether one of its routes is meant. */
  hasRouteFor({ method = 'GET', url = '/' }: IncomingMessage): boolean {
    const [path = '/'] = splitOnce(url, '?');
    return this.#options.routes.match(method, path) !== undefined;
  }

  /** Answers any request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAtMs = Date.now();
    const answer = await this.#answer(request).catch(() =>
      gatewayMessage(500, 'Internal Server Error'),
    );
    // What was not read would be taken for the next request of the connection.
    const headers = request.complete ? answer.headers : { ...answer.headers, connection: 'close' };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    this.#options.onAnswered?.({ status: answer.status, latencyMs: Date.now() - startedAtMs });
    response.statusCode = answer.status;
    response.end(answer.body);
    request.resume();
  }

  async #answer(request: IncomingMessage): Promise<GatewayResponse> {
    const [path = '/', rawQuery = ''] = splitOnce(request.url ?? '/', '?');
    const method = request.method ?? 'GET';
    const match = this.#options.routes.match(method, path);
    if (!match) return gatewayMessage(404, 'Not Found');
    const atMs = Date.now();
    if (this.#options.throttleOf(match.route.routeKey)?.take(atMs) === false) {
      return gatewayMessage(429, 'Too Many Requests');
    }
    const body = await bodyUpTo(request, PAYLOAD_LIMIT);
    if (body === undefined) return gatewayMessage(413, 'Request Entity Too Large');
    const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
    const received = { method, path, rawQuery, headers: request.headers, body, sourceIp, atMs };
    const { identity, authorise } = this.#options;
    const { authorization } = match.route;
    const iam =
      authorization.type === 'AWS_IAM'
        ? authorise(received, `${authorization.arnPrefix}${method}${path}`)
        : 'not asked';
    if (iam === undefined) return gatewayMessage(403, 'Forbidden');
    const event = requestEvent(
      { ...received, ...(iam !== 'not asked' && { iam }) },
      match,
      identity,
    );
    return this.#integrate(match, JSON.stringify(event));
  }

  async #integrate({ route }: RouteMatch, payload: string): Promise<GatewayResponse> {
    const lambda = this.#options.functionOf(route.functionArn);
    if (!lambda || !route.permitted) return gatewayMessage(500, 'Internal Server Error');
    const limit = new AbortController();
    const outcome = await Promise.race([
      lambda.invoke(payload, 'http'),
      sleep(INTEGRATION_TIMEOUT_MS, undefined, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
    return outcome ? gatewayResponse(outcome) : gatewayMessage(503, 'Service Unavailable');
  }
}

/** Undefined where the body is larger; the rest of it stays unread. */
async function bodyUpTo(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
