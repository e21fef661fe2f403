import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';

/** The fields of `awsClientOptions` that are about connections. */
export interface HttpLimits {
  readonly connectionTimeout: number;
  /** From the request's start until its answer is there. */
  readonly requestTimeout: number;
}

/** Where all requests of a client go. */
export interface Address {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number | undefined;
}

type Abort = HttpHandlerOptions['abortSignal'];

/** Both are named as the SDK names them, so that its retries and our classes know them. */
class HttpTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

class HttpAbortedError extends Error {
  override readonly name = 'AbortError';
}

const AGENT = { keepAlive: true, maxSockets: 50 };

/**
 * `POST /` with an answer of JSON, which is all that our services know. The SDK's handler serves every use:
 * four timers and a stream for each request, which cost as much as the request itself.
 */
export class FunctionHttp {
  readonly #limits: HttpLimits;
  readonly #plain = new http.Agent(AGENT);
  readonly #tls = new https.Agent(AGENT);

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** @throws Error as Node gives it, or named `TimeoutError` or `AbortError` */
  post(
    address: Address,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    abort: Abort,
  ): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (abort?.aborted) {
        reject(new HttpAbortedError('The call was ended before it began'));
        return;
      }
      const request = this.#open(address, headers);
      const settled = this.#limit(request, abort);
      const fail = (error: Error) => {
        settled();
        reject(error);
      };
      request.on('error', fail);
      request.on('response', (response) => {
        response.on('error', fail);
        whenWhole(response, (answer) => {
          settled();
          resolve(answer);
        });
      });
      // As text of one byte a character: Node sends it with the headers, in one piece.
      request.end(
        Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'),
        'latin1',
      );
    });
  }

  #open({ isSecure, host, port }: Address, headers: Readonly<Record<string, string>>) {
    const options = { method: 'POST', path: '/', host, port, headers };
    return isSecure
      ? https.request({ ...options, agent: this.#tls })
      : http.request({ ...options, agent: this.#plain });
  }

  /** @returns to be called when the request has ended, whichever way */
  #limit(request: ClientRequest, abort: Abort): () => void {
    const { requestTimeout, connectionTimeout } = this.#limits;
    const timer = endAfter(request, requestTimeout, 'There is no answer');
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const connecting = endAfter(request, connectionTimeout, 'There is no connection');
      socket.once('connect', () => clearTimeout(connecting));
      request.once('close', () => clearTimeout(connecting));
    });
    if (!abort || !('addEventListener' in abort)) return () => clearTimeout(timer);
    const onAbort = () => request.destroy(new HttpAbortedError('The call was ended'));
    abort.addEventListener('abort', onAbort, { once: true });
    return () => {
      clearTimeout(timer);
      abort.removeEventListener('abort', onAbort);
    };
  }
}

function endAfter(request: ClientRequest, ms: number, what: string): NodeJS.Timeout {
  return setTimeout(() => {
    request.destroy(new HttpTimeoutError(`${what} after ${ms} ms; it is tried again`));
  }, ms);
}

function whenWhole(response: IncomingMessage, act: (answer: HttpResponse) => void): void {
  const chunks: Uint8Array[] = [];
  response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  response.on('end', () => {
    const [first = new Uint8Array()] = chunks;
    act(
      new HttpResponse({
        statusCode: response.statusCode ?? 0,
        headers: textHeaders(response),
        body: chunks.length > 1 ? Buffer.concat(chunks) : first,
      }),
    );
  });
}

function textHeaders({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}
