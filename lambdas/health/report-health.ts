import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { checkReadiness, type Readiness, type ReadinessCheck } from '#app/check-readiness.ts';
import type { Clock } from '#app/ports/clock.ts';
import type { Log } from '#app/ports/log.ts';
import type { Metrics } from '#app/ports/metrics.ts';

export interface HealthReporterDeps {
  readonly checks: readonly ReadinessCheck[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Anybody may ask; nobody can make us ask AWS more often than this. */
const CACHE_MS = 5_000;

/**
 * `/healthz` says that the function runs; every other path gives the readiness of what it stands on,
 * 503 when one thing fails.
 */
export function createHealthReporter(deps: HealthReporterDeps) {
  let cached: { readonly atMs: number; readonly readiness: Promise<Readiness> } | undefined;

  return async (path: string): Promise<APIGatewayProxyStructuredResultV2> => {
    if (path.endsWith('/healthz')) return json(200, { status: 'ok' });
    const nowMs = deps.clock.now();
    if (!cached || nowMs - cached.atMs >= CACHE_MS) {
      cached = { atMs: nowMs, readiness: checkAndReport(deps) };
    }
    const readiness = await cached.readiness;
    return json(readiness.ready ? 200 : 503, readiness);
  };
}

async function checkAndReport({ checks, clock, log, metrics }: HealthReporterDeps) {
  const readiness = await checkReadiness(checks, clock);
  if (!readiness.ready) metrics.count('ReadinessFailures');
  for (const { name, ok, durationMs, error } of readiness.checks) {
    if (ok) log.debug('readiness_checked', { check: name, durationMs });
    else log.error('readiness_checked', { check: name, durationMs, error });
  }
  return readiness;
}

function json(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
