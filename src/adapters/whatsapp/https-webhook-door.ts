import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Knock, WebhookDoor } from '#app/ports/webhook-door.ts';
import { signatureOf } from './webhook-signature.ts';

/** What a caller shows to a door behind mutual TLS, as PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface HttpsWebhookDoorOptions {
  readonly url: string;
  /** @default none; the door lets in everybody who can sign a body */
  readonly certificate?: (() => Promise<ClientCertificate>) | undefined;
}

/**
 * The webhook's public address, called as Meta calls it. Node's own client, since `fetch` has no client
 * certificates; it follows nobody elsewhere, and keeps no connection: each call goes all the way.
 */
export class HttpsWebhookDoor implements WebhookDoor {
  readonly #options: HttpsWebhookDoorOptions;

  constructor(options: HttpsWebhookDoorOptions) {
    this.#options = options;
  }

  async post(
    body: string,
    { appSecret, timeoutMs }: { readonly appSecret: string; readonly timeoutMs: number },
  ): Promise<Knock> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const certificate = await this.#options.certificate?.();
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-hub-signature-256': signatureOf(body, appSecret),
      };
      const options = { method: 'POST', agent: false as const, headers, signal, ...certificate };
      return { kind: 'answered', status: await this.#send(body, options) };
    } catch (error) {
      return { kind: 'unreachable', code: signal.aborted ? 'timeout' : codeOf(error) };
    }
  }

  #send(body: string, options: RequestOptions): Promise<number> {
    const { url } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const request = url.startsWith('http:')
      ? http.request(url, options)
      : https.request(url, options);
    request.on('response', (response) => {
      response.on('error', reject).resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
    return promise;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
