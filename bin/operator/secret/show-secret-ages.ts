import type { SecretOwner } from '#app/ports/secret-vault.ts';
import { timesOf } from '#domain/secret/rotation.ts';
import { countOfValues, valueSinceMs } from '#domain/secret/secret-age.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { readAppId } from '#operator/held-app.ts';
import { ageInWords, tableOf } from '#operator/plain-text.ts';
import { readTarget, type Target, type TargetOptions } from '#operator/target.ts';
import {
  fieldOf,
  OWN_APP_NAMES,
  PLATFORM_NAMES,
  type SecretName,
  TENANT_NAMES,
} from './secret-names.ts';

interface AgeOptions extends TargetOptions {
  readonly tenant?: string;
  readonly tenants?: boolean;
  readonly app?: string;
}

interface AgeView {
  readonly secret: string;
  readonly what: SecretName;
  /** How many values are accepted; 0 where there is none. */
  readonly values: number;
  /** Undefined where there is none; null where it was put by hand, into a secret of which others have times. */
  readonly ageSeconds: number | null | undefined;
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
    const views: AgeView[] = [];
    for (const owner of await ownersOf(options, application, target)) {
      views.push(...(await agesOf(owner, application)));
    }
    terminal.out(options.json ? `${JSON.stringify({ secrets: views })}\n` : inWords(views));
  } finally {
    application.close();
  }
}

/** The platform, then each tenant with its own app, then the app that is asked for. */
async function ownersOf(
  { tenant, tenants, app }: AgeOptions,
  { register }: Application,
  target: Target,
): Promise<readonly SecretOwner[]> {
  const asked = app === undefined ? [] : [{ kind: 'app', id: readAppId(app) } as const];
  const entries = tenants
    ? await register.list()
    : tenant === undefined
      ? []
      : [await findTenant(readTenantId(tenant), register, target)];
  const owners = entries.flatMap((entry): readonly SecretOwner[] => {
    const own = entry.tenant === 'misconfigured' ? undefined : entry.tenant.app;
    const ofTenant = { kind: 'tenant', id: entry.id } as const;
    return own === undefined ? [ofTenant] : [ofTenant, { kind: 'app', id: own }];
  });
  return [{ kind: 'platform' }, ...owners, ...asked];
}

const NAMES: Readonly<Record<SecretOwner['kind'], readonly SecretName[]>> = {
  platform: PLATFORM_NAMES,
  tenant: TENANT_NAMES,
  app: OWN_APP_NAMES,
};

async function agesOf(owner: SecretOwner, application: Application): Promise<readonly AgeView[]> {
  const { vault, clock } = application;
  const stored = await vault.read(owner);
  const isReadable = stored !== undefined && stored !== 'unreadable';
  const views = NAMES[owner.kind].map((what) => {
    const field = fieldOf(what);
    const fields = isReadable ? stored.fields : {};
    const values = countOfValues(fields, field);
    const { acceptedUntilMs } = timesOf(fields, field);
    const sinceMs = isReadable ? valueSinceMs(stored, field) : undefined;
    return {
      secret: vault.nameOf(owner),
      what,
      values,
      ageSeconds: values > 0 ? ageAt(clock.now(), sinceMs) : undefined,
      overlapUntil:
        acceptedUntilMs === undefined ? undefined : new Date(acceptedUntilMs).toISOString(),
    };
  });
  // Most businesses have no server that is told anything.
  return views.filter(({ what, values }) => what !== 'notices-secret' || values > 0);
}

function ageAt(nowMs: number, sinceMs: number | undefined): number | null {
  return sinceMs === undefined ? null : Math.max(0, Math.round((nowMs - sinceMs) / 1000));
}

function ageCell(seconds: number | null | undefined): string {
  if (seconds === undefined) return 'missing';
  return seconds === null ? 'unknown' : ageInWords(seconds);
}

function inWords(views: readonly AgeView[]): string {
  const rows = views.map(({ secret, what, values, ageSeconds, overlapUntil }) => [
    secret,
    what,
    ageCell(ageSeconds),
    String(values),
    overlapUntil ?? '-',
  ]);
  return tableOf([['SECRET', 'VALUE', 'AGE', 'ACCEPTED', 'OVERLAP UNTIL'], ...rows]);
}
