import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import {
  type PlatformSecrets,
  type SecretSource,
  SecretUnavailableError,
  type TenantSecrets,
} from '#app/ports/secret-source.ts';
import type { TenantId } from '#domain/ids.ts';
import { CachedSecret } from './cached-secret.ts';
import { CachedSecrets } from './cached-secrets.ts';
import { fetchSecret } from './fetch-secret.ts';
import { platformShape, tenantShape } from './secret-shapes.ts';

export interface SecretsManagerSecretSourceOptions {
  readonly client: SecretsManagerClient;
  /** Name or ARN. */
  readonly platformSecretId: string;
  /** A tenant's secret is this prefix and the tenant id; functions that serve no tenant have none. */
  readonly tenantSecretPrefix?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Secrets Manager behind a cache of the process, as `cached-secret.ts` describes it. */
export class SecretsManagerSecretSource implements SecretSource {
  readonly #platform: CachedSecret<PlatformSecrets>;
  readonly #tenants: CachedSecrets<TenantId, TenantSecrets>;

  constructor(options: SecretsManagerSecretSourceOptions) {
    const { client, platformSecretId, tenantSecretPrefix, clock, log } = options;
    this.#platform = new CachedSecret({
      fetch: () => fetchSecret(client, platformSecretId, platformShape),
      clock,
      log,
    });
    this.#tenants = new CachedSecrets({
      fetch: async (id) => {
        if (tenantSecretPrefix !== undefined) {
          return fetchSecret(client, `${tenantSecretPrefix}${id}`, tenantShape);
        }
        throw new SecretUnavailableError('Give this function the prefix of the tenant secrets', {
          needs: 'operator',
        });
      },
      clock,
      log,
    });
  }

  platform(): Promise<PlatformSecrets> {
    return this.#platform.get();
  }

  tenant(id: TenantId): Promise<TenantSecrets> {
    return this.#tenants.of(id).get();
  }

  refreshPlatform(): Promise<boolean> {
    return this.#platform.refresh();
  }

  refreshTenant(id: TenantId): Promise<boolean> {
    return this.#tenants.of(id).refresh();
  }
}
