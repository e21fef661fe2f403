import type { Knock, WebhookDoor } from '#app/ports/webhook-door.ts';
import { signatureOf } from './webhook-signature.ts';

/** The webhook's public address, called as Meta calls it. */
export class HttpsWebhookDoor implements WebhookDoor {
  readonly #url: string;

  constructor({ url }: { readonly url: string }) {
    this.#url = url;
  }

  async post(
    body: string,
    { appSecret, timeoutMs }: { readonly appSecret: string; readonly timeoutMs: number },
  ): Promise<Knock> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        // An answer from elsewhere is none of ours.
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': signatureOf(body, appSecret),
        },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return { kind: 'answered', status: response.status };
    } catch (error) {
      return { kind: 'unreachable', code: codeOf(error) };
    }
  }
}

/** Of a failed connection `fetch` keeps the reason in the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = error.cause instanceof Error && Reflect.get(error.cause, 'code');
  return typeof code === 'string' ? code : error.name;
}
