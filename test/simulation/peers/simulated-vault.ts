import { CachedSecret } from '#adapters/secrets/cached-secret.ts';
import type { Log } from '#app/ports/log.ts';
import {
  type PlatformSecrets,
  type SecretSource,
  SecretUnavailableError,
  type TenantSecrets,
} from '#app/ports/secret-source.ts';
import type { TenantId } from '#domain/ids.ts';
import type { Environment } from '../cloud/environment.ts';
import type { PortCalls } from '../cloud/port-calls.ts';

/** Secrets Manager with its values; each environment has its own cache before it. */
export class SimulatedVault {
  platform: PlatformSecrets;
  /** A tenant without a token is one whose secret is empty. */
  readonly tokens: Map<TenantId, string>;

  constructor(platform: PlatformSecrets, tokens: ReadonlyMap<TenantId, string>) {
    this.platform = platform;
    this.tokens = new Map(tokens);
  }

  sourceFor(environment: Environment, calls: PortCalls, log: Log): SecretSource {
    const cached = <Value>(name: string, read: () => Value) =>
      new CachedSecret({
        fetch: () => fetch(name, environment, calls, read),
        clock: environment,
        log,
      });
    const platform = cached('vault.platform', () => this.platform);
    const tenants = new Map<TenantId, CachedSecret<TenantSecrets>>();
    const tenant = (id: TenantId) => {
      const known = tenants.get(id) ?? cached('vault.tenant', () => this.#tenantSecret(id));
      tenants.set(id, known);
      return known;
    };
    return {
      platform: () => platform.get(),
      tenant: async (id) => tenant(id).get(),
      refreshPlatform: () => platform.refresh(),
      refreshTenant: async (id) => tenant(id).refresh(),
    };
  }

  #tenantSecret(id: TenantId): TenantSecrets {
    const accessToken = this.tokens.get(id);
    if (accessToken !== undefined) return { accessToken };
    throw new SecretUnavailableError(`The secret of ${id} has no value`, { needs: 'operator' });
  }
}

function fetch<Value>(
  name: string,
  environment: Environment,
  calls: PortCalls,
  read: () => Value,
): Promise<Value> {
  return calls.perform(environment, {
    name,
    args: [],
    effect: read,
    failed: () => {
      throw new SecretUnavailableError('The vault does not answer', { needs: 'time' });
    },
    latencyMs: [10, 60],
    timeoutMs: 3_000,
  });
}
