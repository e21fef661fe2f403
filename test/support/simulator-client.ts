import { expect } from 'vitest';

export interface SentCall {
  readonly at: number;
  readonly phone_number_id: string;
  readonly body: {
    readonly to?: string;
    readonly recipient?: string;
    readonly type?: string;
    readonly text?: { readonly body: string };
    readonly biz_opaque_callback_data?: string;
  };
  readonly wamid: string | null;
  readonly error: { readonly code: number } | null;
}

export interface BusinessAtMeta {
  readonly phone_number_id: string;
  readonly account_id: string;
  readonly access_token: string;
}

/** The simulator's API as any other program would use it. */
export class SimulatorClient {
  readonly #api: string;

  constructor(base: string) {
    this.#api = `${base}/simulator/api`;
  }

  async write(to: string, from: string, text: string): Promise<string> {
    const answer = await this.#post('/messages', { to, from, text });
    expect(answer.status).toBe(202);
    const { wamid } = (await answer.json()) as { wamid: string };
    return wamid;
  }

  /** Somebody opens a WhatsApp account with a number. */
  async business(about: Readonly<Record<string, unknown>>): Promise<BusinessAtMeta> {
    const answer = await this.#post('/businesses', { name: 'Flower Shop', ...about });
    expect(answer.status).toBe(201);
    return (await answer.json()) as BusinessAtMeta;
  }

  /** A business goes through Embedded Signup. @returns the code */
  async signUp(accountId: string): Promise<string> {
    const answer = await this.#post('/signup-codes', { account_id: accountId });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { code: string }).code;
  }

  /** As by *Reset* in the app's dashboard: from now on Meta signs with this. */
  async resetAppSecret(secret: string): Promise<void> {
    expect((await this.#post('/app', { secret })).ok).toBe(true);
  }

  /** Every call to the Graph API that was a message, accepted or not. */
  async sent(): Promise<readonly SentCall[]> {
    const { sent } = (await this.#get('/sent')) as { sent: readonly SentCall[] };
    return sent.filter(({ body }) => body.type !== undefined);
  }

  /** Texts that reached one customer, in order. */
  async textsTo(contact: string): Promise<readonly string[]> {
    const sent = await this.sent();
    return sent
      .filter(
        ({ wamid, body }) =>
          wamid !== null && (body.to ?? body.recipient)?.replace('+', '') === contact,
      )
      .map(({ body }) => body.text?.body ?? '');
  }

  async fault(peer: string, fault: string, times = 1): Promise<void> {
    const answer = await this.#post('/faults', { peer, fault, times });
    expect(answer.ok).toBe(true);
  }

  async clearFaults(): Promise<void> {
    await fetch(`${this.#api}/faults`, { method: 'DELETE' });
  }

  async metrics(): Promise<Readonly<Record<string, number>>> {
    return (await this.#get('/metrics')) as Record<string, number>;
  }

  async deadLetters(): Promise<readonly Record<string, unknown>[]> {
    const { deadLetters } = (await this.#get('/dead-letters')) as {
      deadLetters: readonly Record<string, unknown>[];
    };
    return deadLetters;
  }

  transcript(phoneNumberId: string, contact: string): Promise<unknown> {
    return this.#get(`/chats/${phoneNumberId}/${contact}`);
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(`${this.#api}${path}`)).json();
  }

  #post(path: string, body: unknown): Promise<Response> {
    return fetch(`${this.#api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}
