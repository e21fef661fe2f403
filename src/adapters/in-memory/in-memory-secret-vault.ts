import type { Clock } from '#app/ports/clock.ts';
import type { SecretOwner, SecretVault, StoredSecret } from '#app/ports/secret-vault.ts';
import type { JsonObject } from '#domain/json.ts';

/** Secrets in this process. */
export class InMemorySecretVault implements SecretVault {
  readonly #clock: Clock;
  readonly #values = new Map<string, StoredSecret>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nameOf(owner: SecretOwner): string {
    return owner.kind === 'platform' ? 'platform' : `${owner.kind}/${owner.id}`;
  }

  async read(owner: SecretOwner): Promise<StoredSecret | undefined> {
    return this.#values.get(this.nameOf(owner));
  }

  async write(owner: SecretOwner, fields: JsonObject): Promise<void> {
    this.#values.set(this.nameOf(owner), { fields, changedAtMs: this.#clock.now() });
  }

  async remove(owner: SecretOwner): Promise<boolean> {
    return this.#values.delete(this.nameOf(owner));
  }
}
