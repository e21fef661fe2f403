import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AppSecretSource, WebhookSecrets } from '#app/ports/app-secret-source.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import type { AppId } from '#domain/ids.ts';
import { CachedSecrets } from './cached-secrets.ts';
import { fetchSecret } from './fetch-secret.ts';
import { ownAppShape } from './secret-shapes.ts';

export interface SecretsManagerAppSecretSourceOptions {
  readonly client: SecretsManagerClient;
  /** An app's secret is this prefix and the app's id. */
  readonly appSecretPrefix: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The tenants' own apps in Secrets Manager, behind a cache of the process. */
export class SecretsManagerAppSecretSource implements AppSecretSource {
  readonly #apps: CachedSecrets<AppId, WebhookSecrets>;

  constructor({ client, appSecretPrefix, clock, log }: SecretsManagerAppSecretSourceOptions) {
    this.#apps = new CachedSecrets({
      fetch: (id) => fetchSecret(client, `${appSecretPrefix}${id}`, ownAppShape),
      clock,
      log,
    });
  }

  app(id: AppId): Promise<WebhookSecrets> {
    return this.#apps.of(id).get();
  }

  refreshApp(id: AppId): Promise<boolean> {
    return this.#apps.of(id).refresh();
  }
}
