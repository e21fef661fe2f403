import http, { type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { HttpHandlerOptions } from '@smithy/types';

export interface AwsConnectionLimits {
  /** Until there is a connection. */
  readonly connectionTimeout: number;
  /** From then on, until the whole answer is there. */
  readonly requestTimeout: number;
}

export interface AwsResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Abort = HttpHandlerOptions['abortSignal'];

/** Named as the SDK names them, so that they are tried again and classified as its own. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ETIMEDOUT';
}
class AbortError extends Error {
  override readonly name = 'AbortError';
}

const AGENT = { keepAlive: true, maxSockets: 50 };

/**
 * `POST /` to services of AWS, by one pool of connections. The SDK's handler has five timers and nine
 * listeners for each request, and gives a stream to be collected: docs/adr/038-the-sdk-without-its-middleware.md.
 */
export class AwsConnection {
  readonly #limits: AwsConnectionLimits;
  readonly #http = new http.Agent(AGENT);
  readonly #https = new https.Agent(AGENT);

  constructor(limits: AwsConnectionLimits) {
    this.#limits = limits;
  }

  /** @throws TimeoutError, AbortError, or what the socket threw */
  post(
    endpoint: URL,
    headers: Record<string, string>,
    body: string | Uint8Array,
    abort?: Abort,
  ): Promise<AwsResponse> {
    if (abort?.aborted) return Promise.reject(new AbortError('The request was aborted'));
    return new Promise((resolve, reject) => {
      const request = this.#open(endpoint, headers);
      const end = () => {
        clearTimeout(limit);
        forget();
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const stop = (error: Error) => {
        fail(error);
        request.destroy();
      };
      const within = (ms: number) =>
        setTimeout(() => stop(new TimeoutError(`There was no answer within ${ms} ms`)), ms);
      const { connectionTimeout, requestTimeout } = this.#limits;
      let limit = within(requestTimeout);
      const forget = onAbort(abort, () => stop(new AbortError('The request was aborted')));
      request.on('error', fail).on('socket', (socket) => {
        if (!socket.connecting) return;
        clearTimeout(limit);
        limit = within(connectionTimeout);
        socket.once('connect', () => {
          clearTimeout(limit);
          limit = within(requestTimeout);
        });
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail).on('end', () => {
          end();
          const { statusCode = 0, headers } = response;
          resolve({ statusCode, headers, body: Buffer.concat(chunks) });
        });
      });
      request.end(body);
    });
  }

  #open({ protocol, hostname, port }: URL, headers: Record<string, string>) {
    const options: RequestOptions = { method: 'POST', path: '/', host: hostname, headers };
    if (port !== '') options.port = port;
    return protocol === 'https:'
      ? https.request({ ...options, agent: this.#https })
      : http.request({ ...options, agent: this.#http });
  }
}

/** @returns that it is not wanted any more */
function onAbort(abort: Abort, act: () => void): () => void {
  if (!abort || !('addEventListener' in abort)) return () => undefined;
  abort.addEventListener('abort', act, { once: true });
  return () => abort.removeEventListener('abort', act);
}
