import { lookup as resolve } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '#app/ports/clock.ts';
import type { OutgoingWebhook, WebhookResult, WebhookSender } from '#app/ports/notices.ts';
import { isLoopback, isPublicAddress } from './public-address.ts';
import { webhookHeaders } from './sign-webhook.ts';
import { AddressRefusedError, failureOfError, failureOfStatus } from './webhook-failure.ts';

export interface HttpsWebhookSenderOptions {
  readonly clock: Clock;
  /** True lets it talk to this machine, without TLS: for the local stack, whose template cannot say so. */
  readonly allowsLoopback: boolean;
  /** @default the system's */
  readonly resolve?: typeof resolve;
}

/** Posts over TLS to public addresses. Nothing is followed, and of the answer only its status counts. */
export class HttpsWebhookSender implements WebhookSender {
  readonly #options: HttpsWebhookSenderOptions;

  constructor(options: HttpsWebhookSenderOptions) {
    this.#options = options;
  }

  async send(webhook: OutgoingWebhook): Promise<WebhookResult> {
    try {
      const response = await this.#post(webhook);
      const { statusCode: status = 0, headers } = response;
      // To the end, so that the other side can finish; what never ends is cut off by the time.
      response.resume();
      if (status >= 200 && status < 300) return { kind: 'delivered' };
      return { kind: 'refused', failure: failureOfStatus(status, headers['retry-after']) };
    } catch (error) {
      return { kind: 'refused', failure: failureOfError(error) };
    }
  }

  #post({ url, id, body, secrets, timeoutMs }: OutgoingWebhook): Promise<IncomingMessage> {
    const target = this.#targetOf(url);
    const timestampSeconds = Math.floor(this.#options.clock.now() / 1_000);
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'whatsapp-concierge',
        ...webhookHeaders({ id, timestampSeconds, body }, secrets),
      },
      // The address that was looked at is the one that is connected to: a name cannot change in between.
      lookup: this.#lookup,
      signal: AbortSignal.timeout(timeoutMs),
    };
    return new Promise((answered, failed) => {
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(target, options, (response) => {
        response.on('error', () => {});
        answered(response);
      });
      outgoing.on('error', failed);
      outgoing.end(body);
    });
  }

  /** @throws AddressRefusedError */
  #targetOf(text: string): URL {
    const url = URL.parse(text);
    const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
    const isHere = isIP(host) !== 0 && this.#options.allowsLoopback && isLoopback(host);
    const isProtected = url?.protocol === 'https:' || (isHere && url?.protocol === 'http:');
    // A name is looked at when it is resolved, an address is not resolved.
    const isFit = isIP(host) === 0 || this.#isAllowed(host);
    if (url && isProtected && isFit && url.username === '' && url.password === '') return url;
    throw new AddressRefusedError(
      'This is not the address of a public server that is reached by TLS',
    );
  }

  #isAllowed(address: string): boolean {
    return isPublicAddress(address) || (this.#options.allowsLoopback && isLoopback(address));
  }

  /** Refuses a name of which one address is not public: which one is taken would be chance. */
  readonly #lookup: LookupFunction = (host, options, callback) => {
    const { resolve: resolveName = resolve } = this.#options;
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => this.#isAllowed(address))) {
        return callback(
          new AddressRefusedError('The name leads to an address that is not public'),
          '',
          0,
        );
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
