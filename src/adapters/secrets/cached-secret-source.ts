import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import type { PlatformSecrets, SecretSource, TenantSecrets } from '#app/ports/secret-source.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { TenantId } from '#domain/ids.ts';
import { LeastRecent } from '#domain/least-recent.ts';
import { CachedSecret } from './cached-secret.ts';
import { fetchSecret } from './fetch-secret.ts';
import type { SecretReader, TenantOwner } from './secret-reader.ts';
import { platformShape, type SecretShape, tenantShape } from './secret-shapes.ts';

export interface CachedSecretSourceOptions {
  readonly platform: SecretReader;
  /** Of whichever vault keeps them. @default as the platform's */
  readonly tenants?: SecretReader<TenantOwner>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A process rarely serves more tenants within minutes; the one not used for longest is forgotten. */
const MOST_TENANTS = 1_000;

/** Secrets behind a cache of the process, as `cached-secret.ts` describes it, whatever vault they are in. */
export class CachedSecretSource implements SecretSource {
  readonly #options: CachedSecretSourceOptions;
  readonly #platform: CachedSecret<PlatformSecrets>;
  readonly #tenants = new LeastRecent<TenantId, CachedSecret<TenantSecrets>>({
    mostEntries: MOST_TENANTS,
  });

  constructor(options: CachedSecretSourceOptions) {
    this.#options = options;
    const { platform } = options;
    this.#platform = this.#cached(platform, { kind: 'platform' } as const, platformShape);
  }

  platform(): Promise<PlatformSecrets> {
    return this.#platform.get();
  }

  tenant(id: TenantId): Promise<TenantSecrets> {
    return this.#tenant(id).get();
  }

  refreshPlatform(): Promise<boolean> {
    return this.#platform.refresh();
  }

  refreshTenant(id: TenantId): Promise<boolean> {
    return this.#tenant(id).refresh();
  }

  #tenant(id: TenantId): CachedSecret<TenantSecrets> {
    const { platform, tenants = platform } = this.#options;
    const known = this.#tenants.get(id);
    if (known) return known;
    const secret = this.#cached(tenants, { kind: 'tenant', id }, tenantShape);
    this.#tenants.set(id, secret);
    return secret;
  }

  #cached<Owner extends SecretOwner, Value>(
    reader: SecretReader<Owner>,
    owner: Owner,
    shape: SecretShape<Value>,
  ): CachedSecret<Value> {
    const { clock } = this.#options;
    const log =
      owner.kind === 'tenant' ? this.#options.log.with({ tenantId: owner.id }) : this.#options.log;
    return new CachedSecret({ fetch: () => fetchSecret(reader, owner, shape), clock, log });
  }
}
