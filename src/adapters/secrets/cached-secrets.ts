import { CachedSecret, type CachedSecretOptions } from './cached-secret.ts';

export interface CachedSecretsOptions<Id, Value> extends Omit<CachedSecretOptions<Value>, 'fetch'> {
  readonly fetch: (id: Id) => Promise<Value>;
}

/** A process rarely serves more within minutes; the one not used for longest is forgotten. */
const MOST_SECRETS = 1_000;

/** Many secrets of one kind, each cached on its own. */
export class CachedSecrets<Id, Value> {
  readonly #options: CachedSecretsOptions<Id, Value>;
  readonly #cached = new Map<Id, CachedSecret<Value>>();

  constructor(options: CachedSecretsOptions<Id, Value>) {
    this.#options = options;
  }

  of(id: Id): CachedSecret<Value> {
    const { fetch, ...options } = this.#options;
    const secret = this.#cached.get(id) ?? new CachedSecret({ ...options, fetch: () => fetch(id) });
    this.#cached.delete(id);
    this.#cached.set(id, secret);
    const [oldest] = this.#cached.keys();
    if (oldest !== undefined && this.#cached.size > MOST_SECRETS) this.#cached.delete(oldest);
    return secret;
  }
}
