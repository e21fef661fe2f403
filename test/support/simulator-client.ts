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

interface QueueView {
  readonly name: string;
  readonly available: number;
  readonly in_flight: number;
}

/** How the template names the queues that tests ask for. */
const QUEUES = {
  chats: /-ChatsQueue/,
  'chat-dead-letters': /-ChatsDeadLetters/,
  'jobs-dead-letters': /-JobsDeadLetters/,
};

export interface BusinessAtMeta {
  readonly phone_number_id: string;
  readonly account_id: string;
  readonly access_token: string;
}

interface AppAtMeta {
  readonly id: string;
  readonly secret: string;
}

/** The simulator's API as any other program would use it. */
/** What one request gave the model to go by. */
export interface ModelInput {
  readonly instructions: string;
  readonly input: readonly { readonly role: string; readonly text: string }[];
}

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

  /** A customer sends something other than words: an element of Meta's `messages[]`. */
  async send(to: string, from: string, message: object): Promise<void> {
    await this.#change('/messages', { to, from, message });
  }

  /** A customer sends a file. */
  async sendFile(to: string, from: string, content: object): Promise<void> {
    await this.#change('/messages', { to, from, ...content });
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

  /** A business makes a Meta app of its own. */
  async app(about: { readonly name: string; readonly callback: string }): Promise<AppAtMeta> {
    const answer = await this.#post('/apps', about);
    expect(answer.status).toBe(201);
    return (await answer.json()) as AppAtMeta;
  }

  /** As by *Reset* in the app's dashboard, the shared one's or another's: from now on Meta signs with this. */
  async resetAppSecret(secret: string, app_id?: string): Promise<void> {
    expect((await this.#post('/app', { secret, app_id })).ok).toBe(true);
  }

  /** Every call to the Graph API that was a message, accepted or not. */
  async sent(): Promise<readonly SentCall[]> {
    const { sent } = (await this.#get('/sent')) as { sent: readonly SentCall[] };
    return sent.filter(({ body }) => body.type !== undefined);
  }

  /** Texts that reached one customer, in order. */
  async textsTo(contact: string): Promise<readonly string[]> {
    return (await this.sentTo(contact)).map(({ body }) => body.text?.body ?? '');
  }

  /** What reached one customer, in order. */
  async sentTo(contact: string): Promise<readonly SentCall[]> {
    const sent = await this.sent();
    return sent.filter(
      ({ wamid, body }) =>
        wamid !== null && (body.to ?? body.recipient)?.replace('+', '') === contact,
    );
  }

  async fault(peer: string, fault: string, times = 1): Promise<void> {
    const answer = await this.#post('/faults', { peer, fault, times });
    expect(answer.ok).toBe(true);
  }

  /** How many times faults will still be met. */
  async faultsLeft(): Promise<number> {
    const { faults } = (await this.#get('/faults')) as { faults: readonly { times: number }[] };
    return faults.reduce((sum, { times }) => sum + times, 0);
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

  /** Calls a function as its schedule would. @returns how it ended */
  async run(functionName: string): Promise<string> {
    const answer = await this.#post('/invocations', { function: functionName });
    const { outcome } = (await answer.json()) as { outcome: string };
    return outcome;
  }

  /** Ends processes of a function now. @returns how many */
  async kill(functionName: string, state: 'working' | 'idle' | 'all', most = 100): Promise<number> {
    const answer = await this.#change('/kills', { function: functionName, state, most });
    return (answer as { killed: number }).killed;
  }

  async queues(): Promise<readonly QueueView[]> {
    return ((await this.#get('/queues')) as { queues: readonly QueueView[] }).queues;
  }

  async purge(queue: keyof typeof QUEUES): Promise<void> {
    await this.#change('/purges', { queue: await this.#nameOf(queue) });
  }

  /** Everything on the queue goes back to where it came from. */
  async redrive(queue: keyof typeof QUEUES): Promise<void> {
    await this.#change('/redrives', { queue: await this.#nameOf(queue) });
  }

  async putSecret(secret: string, value: unknown): Promise<void> {
    await this.#change('/secrets', { secret, value });
  }

  async replaceAccessTokens(phoneNumberId: string, tokens: readonly string[]): Promise<void> {
    const body = { phone_number_id: phoneNumberId, access_tokens: tokens };
    await this.#change('/access-tokens', body);
  }

  async deliverStatuses(delivery: 'normal' | 'held' | 'lost'): Promise<void> {
    await this.#change('/statuses', { delivery });
  }

  /** The next bubble to this customer is accepted and then fails. */
  async failDelivery(phoneNumberId: string, contact: string, code: number): Promise<void> {
    await this.#change('/delivery-failures', { phone_number_id: phoneNumberId, contact, code });
  }

  /** How slow the scripted model is, and what it says next. */
  async model(script: {
    readonly latency_ms?: number;
    readonly answers?: readonly object[];
  }): Promise<void> {
    await this.#change('/model', script);
  }

  /** How many requests the scripted model has taken. */
  async modelRequests(): Promise<number> {
    return ((await this.#get('/model')) as { requests: number }).requests;
  }

  /** What the newest requests for replies were given, oldest first. */
  async modelInputs(): Promise<readonly ModelInput[]> {
    return ((await this.#get('/model-requests')) as { requests: readonly ModelInput[] }).requests;
  }

  transcript(phoneNumberId: string, contact: string): Promise<unknown> {
    return this.#get(`/chats/${phoneNumberId}/${contact}`);
  }

  async #nameOf(queue: keyof typeof QUEUES): Promise<string> {
    const names = (await this.queues()).map(({ name }) => name);
    const name = names.find((each) => QUEUES[queue].test(each));
    if (name === undefined) throw new Error(`None of the queues ${names.join(', ')} is ${queue}`);
    return name;
  }

  async #change(path: string, body: unknown): Promise<unknown> {
    const answer = await this.#post(path, body);
    const text = await answer.text();
    expect(answer.ok, text).toBe(true);
    return JSON.parse(text);
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
