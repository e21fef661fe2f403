import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { TenantId } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import { isRotated, timesOf } from '#domain/secret/rotation.ts';
import type { CommandDeps } from './command-line.ts';
import type { Application } from './connect.ts';
import { findTenant, readTenantId } from './find-tenant.ts';
import { ageInWords, tableOf } from './parked-view.ts';
import { fieldOf, PLATFORM_NAMES, type SecretName } from './secret-names.ts';
import { readTarget, type Target, type TargetOptions } from './target.ts';

interface AgeOptions extends TargetOptions {
  readonly tenant?: string;
  readonly tenants?: boolean;
}

interface AgeView {
  readonly secret: string;
  readonly what: SecretName;
  /** How many values are accepted; 0 where there is none. */
  readonly values: number;
  /** Undefined where there is none. */
  readonly ageSeconds: number | undefined;
  readonly overlapUntil: string | undefined;
}

/** `concierge secret show-age`. */
export async function showSecretAges(
  options: AgeOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const application = await connect(target);
  try {
    const views = [...(await agesOf({ kind: 'platform' }, application))];
    for (const id of await tenantsOf(options, application, target)) {
      views.push(...(await agesOf({ kind: 'tenant', id }, application)));
    }
    terminal.out(options.json ? `${JSON.stringify({ secrets: views })}\n` : inWords(views));
  } finally {
    application.close();
  }
}

async function tenantsOf(
  { tenant, tenants }: AgeOptions,
  { register }: Application,
  target: Target,
): Promise<readonly TenantId[]> {
  if (tenants) return (await register.list()).map(({ id }) => id);
  if (tenant === undefined) return [];
  return [(await findTenant(readTenantId(tenant), register, target)).id];
}

async function agesOf(owner: SecretOwner, application: Application): Promise<readonly AgeView[]> {
  const { vault, clock } = application;
  const stored = await vault.read(owner);
  const names = owner.kind === 'platform' ? PLATFORM_NAMES : (['access-token'] as const);
  const isReadable = stored !== undefined && stored !== 'unreadable';
  return names.map((what) => {
    const field = fieldOf(what);
    const fields = isReadable ? stored.fields : {};
    const values = isRotated(field)
      ? readPlatformSecret(fields)[field].length
      : textAt(fields, field) === undefined
        ? 0
        : 1;
    const { changedAtMs, acceptedUntilMs } = timesOf(fields, field);
    // One that was put by hand is at least as old as the secret's version.
    const sinceMs = changedAtMs ?? (isReadable ? stored.changedAtMs : 0);
    return {
      secret: vault.nameOf(owner),
      what,
      values,
      ageSeconds: values > 0 ? Math.max(0, Math.round((clock.now() - sinceMs) / 1000)) : undefined,
      overlapUntil:
        acceptedUntilMs === undefined ? undefined : new Date(acceptedUntilMs).toISOString(),
    };
  });
}

function inWords(views: readonly AgeView[]): string {
  const rows = views.map(({ secret, what, values, ageSeconds, overlapUntil }) => [
    secret,
    what,
    ageSeconds === undefined ? 'missing' : ageInWords(ageSeconds),
    String(values),
    overlapUntil ?? '-',
  ]);
  return tableOf([['SECRET', 'VALUE', 'AGE', 'ACCEPTED', 'OVERLAP UNTIL'], ...rows]);
}
