import type { Finding } from '#app/check-business.ts';
import type { JsonObject } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import { timesOf } from '#domain/secret/rotation.ts';
import type { Application } from '#operator/connect.ts';
import { missingIn } from '#operator/secret/put-secret.ts';
import { APP_ROTATED_NAMES, rotatedFieldOf } from '#operator/secret/secret-names.ts';
import { inWords, type Target } from '#operator/target.ts';
import type { Patient } from './doctor.ts';

/** Whether the platform's secret is complete, and no rotation was forgotten. */
export async function secretFindings({
  application,
  target,
}: Patient): Promise<readonly Finding[]> {
  const { vault, clock } = application;
  const name = vault.nameOf({ kind: 'platform' });
  const stored = await vault.read({ kind: 'platform' });
  if (stored === 'unreadable') {
    return [{ verdict: 'failed', check: 'platform-secret', message: `${name} is no JSON object` }];
  }
  const fields = stored?.fields ?? {};
  const missing = missingIn(fields);
  const vital = missing.filter((each) => each !== 'app-id');
  const findings: Finding[] = [
    missing.length === 0
      ? { verdict: 'ok', check: 'platform-secret', message: `Secret ${name} is complete` }
      : {
          verdict: vital.length > 0 ? 'failed' : 'warning',
          check: 'platform-secret',
          message: `Secret ${name} lacks ${missing.join(', ')}`,
          advice: missing
            .map((each) => `npx concierge secret put ${each} ${inWords(target)}`)
            .join('; '),
        },
  ];
  return [
    ...findings,
    ...forgottenRotations(fields, inWords(target), clock.now()),
    ...(await moveFindings(application, target)),
  ];
}

/** Of the platform's secret or an own app's: former values that should be refused by now. */
export function forgottenRotations(
  fields: JsonObject,
  whose: string,
  nowMs: number,
): readonly Finding[] {
  const forgotten = APP_ROTATED_NAMES.filter((each) => {
    const field = rotatedFieldOf(each);
    const { acceptedUntilMs = 0 } = timesOf(fields, field);
    return readPlatformSecret(fields)[field].length >= 2 && acceptedUntilMs <= nowMs;
  });
  return forgotten.map((each) => ({
    verdict: 'warning',
    check: 'rotation',
    message: `A former ${each} is refused and lies there still: its overlap is over`,
    advice: `npx concierge secret rotate ${each} --finish ${whose}`,
  }));
}

/** A move that was begun and forgotten costs two vaults. */
async function moveFindings(
  { tenantVaults: { active, moves } }: Application,
  target: Target,
): Promise<readonly Finding[]> {
  const move = await moves.current();
  if (!move) return [];
  const finish = `npx concierge secret migrate --finish ${inWords(target)}`;
  return [
    {
      verdict: 'warning',
      check: 'vault',
      message: `Tenants' secrets are on their way to ${move.to}; the functions read ${active}`,
      advice: move.to === active ? finish : `have them read ${move.to}, then ${finish}`,
    },
  ];
}
