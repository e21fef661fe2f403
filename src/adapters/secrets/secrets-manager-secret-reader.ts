import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
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
import { platformShape, type SecretShape, tenantShape } from './secret-shapes.ts';

export interface SecretsManagerSecretSourceOptions {
  readonly client: SecretsManagerClient;
  /** Name or ARN. */
  readonly platformSecretId: string;
  /** A tenant's secret is this prefix and the tenant id; functions that serve no tenant have none. */
  readonly tenantSecretPrefix?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A process rarely serves more tenants within minutes; the one not used for longest is forgotten. */
const MOST_TENANTS = 1_000;

/** Secrets Manager behind a cache of the process, as `cached-secret.ts` describes it. */
export class SecretsManagerSecretSource implements SecretSource {
  readonly #options: SecretsManagerSecretSourceOptions;
  readonly #platform: CachedSecret<PlatformSecrets>;
  readonly #tenants = new Map<TenantId, CachedSecret<TenantSecrets>>();

  constructor(options: SecretsManagerSecretSourceOptions) {
    this.#options = options;
    this.#platform = this.#cached(options.platformSecretId, platformShape);
  }

  platform(): Promise<PlatformSecrets> {
    return this.#platform.get();
  }

  async tenant(id: TenantId): Promise<TenantSecrets> {
    return this.#tenant(id).get();
  }

  refreshPlatform(): Promise<boolean> {
    return this.#platform.refresh();
  }

  async refreshTenant(id: TenantId): Promise<boolean> {
    return this.#tenant(id).refresh();
  }

  #tenant(id: TenantId): CachedSecret<TenantSecrets> {
    const { tenantSecretPrefix } = this.#options;
    if (tenantSecretPrefix === undefined) {
      throw new SecretUnavailableError('Give this function the prefix of the tenant secrets', {
        needs: 'operator',
      });
    }
    const secret = this.#tenants.get(id) ?? this.#cached(`${tenantSecretPrefix}${id}`, tenantShape);
    this.#tenants.delete(id);
    this.#tenants.set(id, secret);
    const [oldest] = this.#tenants.keys();
    if (oldest !== undefined && this.#tenants.size > MOST_TENANTS) this.#tenants.delete(oldest);
    return secret;
  }

  #cached<Value>(secretId: string, shape: SecretShape<Value>): CachedSecret<Value> {
    const { clock, log } = this.#options;
    return new CachedSecret({ fetch: () => this.#fetch(secretId, shape), clock, log });
  }

  async #fetch<Value>(secretId: string, shape: SecretShape<Value>): Promise<Value> {
    const value = shape.read(await this.#read(secretId, shape.example));
    if (value !== undefined) return value;
    throw new SecretUnavailableError(
      `Secret ${secretId} has another shape than ${shape.example}: put a new value`,
      { needs: 'operator' },
    );
  }

  async #read(secretId: string, example: string): Promise<string> {
    try {
      const command = new GetSecretValueCommand({ SecretId: secretId });
      return (await this.#options.client.send(command)).SecretString ?? '';
    } catch (cause) {
      const remedy = cause instanceof Error ? remedyFor(cause.name, example) : undefined;
      if (remedy !== undefined) {
        const options = { cause, needs: 'operator' } as const;
        throw new SecretUnavailableError(`Secret ${secretId} ${remedy}`, options);
      }
      throw new SecretUnavailableError(
        `Secret ${secretId} cannot be read now: check whether Secrets Manager is available`,
        { cause, needs: 'time' },
      );
    }
  }
}

/** What the operator has to do about an error of GetSecretValue; nothing where waiting may help. */
function remedyFor(errorName: string, example: string): string | undefined {
  switch (errorName) {
    case 'ResourceNotFoundException':
      return `has no value: put one of the shape ${example}`;
    case 'InvalidRequestException':
      return 'cannot be used: restore it if it is scheduled for deletion';
    case 'AccessDeniedException':
      return "may not be read: check the function's role and the policy of the secret";
    case 'DecryptionFailure':
      return "cannot be decrypted: check the secret's key and the function's right to use it";
    default:
      return undefined;
  }
}
