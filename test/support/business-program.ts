import { expect } from 'vitest';
import { type Signer, signedFetch } from './sign-request.ts';

/** A message as the API shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly from: string;
  readonly type: string;
  readonly text: string | null;
  readonly outcome: string;
}

/** A program of a business: signs its calls of the business API with its own credentials. */
export class BusinessProgram {
  readonly #url: string;
  readonly #number: string;
  readonly #signer: Signer;

  constructor(url: string, number: string, signer: Omit<Signer, 'region'>) {
    this.#url = url;
    this.#number = number;
    this.#signer = { region: 'us-east-1', ...signer };
  }

  async call(method: 'GET' | 'POST', path: string, body?: unknown) {
    const response = await signedFetch(
      {
        method,
        url: `${this.#url}${path}?number=${this.#number}`,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      },
      this.#signer,
    );
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Something is asked of a chat, and taken. */
  async give(contact: string, what: 'messages' | 'take' | 'release', body: object): Promise<void> {
    const answered = await this.call('POST', `/chats/${contact}/${what}`, body);
    expect(answered.status, JSON.stringify(answered.body)).toBe(202);
  }

  async stateOf(contact: string): Promise<unknown> {
    const { body } = await this.call('GET', `/chats/${contact}`);
    return (body['chat'] as { state?: unknown } | undefined)?.state;
  }

  async messagesOf(contact: string): Promise<readonly ShownMessage[]> {
    const { body } = await this.call('GET', `/chats/${contact}`);
    return (body['messages'] ?? []) as readonly ShownMessage[];
  }
}
