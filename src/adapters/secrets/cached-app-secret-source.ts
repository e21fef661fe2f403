import type { AppSecretSource, WebhookSecrets } from '#app/ports/app-secret-source.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import type { AppId } from '#domain/ids.ts';
import { LeastRecent } from '#domain/least-recent.ts';
import { CachedSecret } from './cached-secret.ts';
import { fetchSecret } from './fetch-secret.ts';
import type { SecretReader } from './secret-reader.ts';
import { ownAppShape } from './secret-shapes.ts';

export interface CachedAppSecretSourceOptions {
  readonly reader: SecretReader;
  readonly clock: Clock;
  readonly log: Log;
}

/** A process rarely serves more apps within minutes. */
const MOST_APPS = 1_000;

/** The secrets of tenants' own apps behind a cache of the process. */
export class CachedAppSecretSource implements AppSecretSource {
  readonly #options: CachedAppSecretSourceOptions;
  readonly #apps = new LeastRecent<AppId, CachedSecret<WebhookSecrets>>({ mostEntries: MOST_APPS });

  constructor(options: CachedAppSecretSourceOptions) {
    this.#options = options;
  }

  app(id: AppId): Promise<WebhookSecrets> {
    return this.#secretOf(id).get();
  }

  refreshApp(id: AppId): Promise<boolean> {
    return this.#secretOf(id).refresh();
  }

  #secretOf(id: AppId): CachedSecret<WebhookSecrets> {
    const known = this.#apps.get(id);
    if (known) return known;
    const { reader, clock, log } = this.#options;
    const secret = new CachedSecret({
      fetch: () => fetchSecret(reader, { kind: 'app', id }, ownAppShape),
      clock,
      log: log.with({ app: id }),
    });
    this.#apps.set(id, secret);
    return secret;
  }
}
