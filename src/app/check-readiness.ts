import type { Clock } from './ports/clock.ts';

/** One thing that must answer before the stack can take traffic. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects when the thing does not answer or may not be used. */
  readonly run: () => Promise<unknown>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly durationMs: number;
    /** Name of the error, never its message: this answer is public. */
    readonly error: string | undefined;
  }[];
}

/** Runs every check side by side. */
export async function checkReadiness(
  checks: readonly ReadinessCheck[],
  clock: Clock,
): Promise<Readiness> {
  const results = await Promise.all(checks.map((check) => runCheck(check, clock)));
  return { ready: results.every(({ ok }) => ok), checks: results };
}

async function runCheck({ name, run }: ReadinessCheck, clock: Clock) {
  const startedMs = clock.now();
  try {
    await run();
    return { name, ok: true, durationMs: clock.now() - startedMs, error: undefined };
  } catch (error) {
    const named = error instanceof Error ? error.name : 'UnknownError';
    return { name, ok: false, durationMs: clock.now() - startedMs, error: named };
  }
}
