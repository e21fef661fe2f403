import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { webhookKeyOf } from '#domain/notice/webhook-secret.ts';
import { readBody } from '../peer-server.ts';

/** An event that came, as it came. */
export interface ReceivedEvent {
  readonly atMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it was signed with the secret that the receiver was given, within the last five minutes. */
  readonly isValid: boolean;
  /** What it was answered. */
  readonly status: number;
}

export const RECEIVER_PATH = '/simulator/receiver';

/** Older or newer than this is a replay, or a clock that is wrong. */
const TOLERANCE_S = 5 * 60;
const MOST_KEPT = 500;
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * A business's own server, as its developers would write it by Standard Webhooks: what is not signed is
 * refused, and it can be down for a while.
 */
export class WebhookReceiver {
  #secret: string | undefined;
  #status = 204;
  #received: readonly ReceivedEvent[] = [];

  /** From now on it knows this secret, and answers this to what is signed with it. */
  change({ secret, status }: { readonly secret?: string; readonly status?: number }): void {
    this.#secret = secret ?? this.#secret;
    this.#status = status ?? this.#status;
  }

  /** The latest, oldest of them first. */
  get received(): readonly ReceivedEvent[] {
    return this.#received;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request)).toString('utf8');
    const headers = Object.fromEntries(
      HEADERS.map((name) => [name, [request.headers[name] ?? ''].flat().join(' ')]),
    );
    const isValid = this.#isSigned(headers, body);
    const status = isValid ? this.#status : 401;
    const event = { atMs: Date.now(), headers, body, isValid, status };
    this.#received = [...this.#received, event].slice(-MOST_KEPT);
    response.writeHead(status).end();
  }

  #isSigned(headers: Readonly<Record<string, string>>, body: string): boolean {
    const [id, timestamp, signatures] = HEADERS.map((name) => headers[name] ?? '');
    const ageS = Math.abs(Date.now() / 1000 - Number(timestamp));
    if (this.#secret === undefined || !id || !(ageS <= TOLERANCE_S)) return false;
    const key = Buffer.from(webhookKeyOf(this.#secret), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
    return (signatures ?? '').split(' ').some((each) => {
      const [version, signature = ''] = each.split(',');
      const given = Buffer.from(signature, 'base64');
      return (
        version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
      );
    });
  }
}
