import type { Clock } from '#app/ports/clock.ts';
import { type Envelope, SealBrokenError } from '#app/ports/envelope.ts';
import type { SealedSecrets } from '#app/ports/sealed-secrets.ts';
import type { SecretOwner, SecretVault, StoredSecret } from '#app/ports/secret-vault.ts';
import type { JsonObject } from '#domain/json.ts';
import { sealContextOf } from './seal-context.ts';
import { readSecretText, writeSecretText } from './secret-text.ts';

export interface SealedSecretVaultOptions {
  readonly secrets: SealedSecrets;
  readonly envelope: Envelope;
  /** Keeps the platform's own secret, and those of apps. */
  readonly platform: SecretVault;
  readonly clock: Clock;
}

/** Tenants' secrets in the tenants table, sealed, as the operator uses them. Whoever writes last wins. */
export class SealedSecretVault implements SecretVault {
  readonly #options: SealedSecretVaultOptions;

  constructor(options: SealedSecretVaultOptions) {
    this.#options = options;
  }

  nameOf(owner: SecretOwner): string {
    const { platform, secrets } = this.#options;
    return owner.kind === 'tenant' ? secrets.nameOf(owner.id) : platform.nameOf(owner);
  }

  async read(owner: SecretOwner): Promise<StoredSecret | 'unreadable' | undefined> {
    const { platform, secrets } = this.#options;
    if (owner.kind !== 'tenant') return platform.read(owner);
    const sealed = await secrets.read(owner.id);
    if (sealed === undefined || sealed === 'unreadable') return sealed;
    try {
      const text = await this.#options.envelope.open(sealed, sealContextOf(owner));
      const fields = readSecretText(text, this.nameOf(owner));
      return fields ? { fields, changedAtMs: sealed.changedAtMs } : 'unreadable';
    } catch (error) {
      if (error instanceof SealBrokenError) return 'unreadable';
      throw error;
    }
  }

  async write(owner: SecretOwner, fields: JsonObject): Promise<void> {
    const { platform, secrets, envelope, clock } = this.#options;
    if (owner.kind !== 'tenant') return platform.write(owner, fields);
    const sealed = await envelope.seal(writeSecretText(fields), sealContextOf(owner));
    await secrets.write(owner.id, { ...sealed, changedAtMs: clock.now() });
  }

  async remove(owner: SecretOwner): Promise<boolean> {
    const { platform, secrets, clock } = this.#options;
    if (owner.kind !== 'tenant') return platform.remove(owner);
    return secrets.remove(owner.id, clock.now());
  }
}
