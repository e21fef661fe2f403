import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';

/** As in runtime/post-json.ts: idle connections are closed early. */
const KEEP_ALIVE = { keepAlive: true, timeout: 20_000 };

export interface BytesWanted {
  readonly url: string;
  readonly token: string;
  readonly mostBytes: number;
  readonly deadline: AbortSignal;
}

/**
 * - `answered`: with any status; a redirect is an answer, since it would carry the token elsewhere
 * - `too-large`: there was more, and it was not read
 */
export type GetResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'lost'; readonly code: string };

/** Gets bytes with a token, once, and never more of them than wanted. */
export class BytesGetter {
  readonly #http = new http.Agent(KEEP_ALIVE);
  readonly #https = new https.Agent(KEEP_ALIVE);

  async get({ url, token, mostBytes, deadline }: BytesWanted): Promise<GetResult> {
    if (deadline.aborted) return { kind: 'lost', code: 'timeout' };
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'whatsapp-concierge/1' };
    try {
      const response = await this.#open(url, { headers, signal: deadline });
      return await readWithin(mostBytes, response);
    } catch (error) {
      return { kind: 'lost', code: deadline.aborted ? 'timeout' : codeOf(error) };
    }
  }

  #open(url: string, options: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = url.startsWith('https:')
        ? https.request(url, { ...options, agent: this.#https })
        : http.request(url, { ...options, agent: this.#http });
      request.on('response', resolve);
      request.on('error', reject);
      request.end();
    });
  }
}

async function readWithin(mostBytes: number, response: IncomingMessage): Promise<GetResult> {
  const status = response.statusCode ?? 0;
  if (status === 200 && Number(response.headers['content-length'] ?? 0) > mostBytes) {
    response.destroy();
    return { kind: 'too-large' };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) return { kind: 'too-large' };
    chunks.push(chunk);
  }
  const retryAfter = response.headers['retry-after'];
  return { kind: 'answered', status, retryAfter, bytes: Buffer.concat(chunks) };
}

/** A word such as `econnreset`, never a message. */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code.toLowerCase() : 'unknown';
}
