import { oldestPlatformValueMs } from '#domain/secret/secret-age.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import type { SecretVault } from './ports/secret-vault.ts';

export interface ReportSecretAgeDeps {
  /** As the platform's secret is now. */
  readonly readSecret: () => ReturnType<SecretVault['read']>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const DAY_MS = 24 * 60 * 60_000;

/** Says how old the oldest value of the platform's secret is; of one without values there is nothing to say. */
export async function reportSecretAge({
  readSecret,
  clock,
  log,
  metrics,
}: ReportSecretAgeDeps): Promise<void> {
  const secret = await readSecret();
  const isReadable = secret !== undefined && secret !== 'unreadable';
  const sinceMs = isReadable ? oldestPlatformValueMs(secret) : undefined;
  if (sinceMs === undefined) {
    log.warn('secret_age_unknown');
    return;
  }
  metrics.gauge('PlatformSecretAge', Math.max(0, clock.now() - sinceMs) / DAY_MS);
}
