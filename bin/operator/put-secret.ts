import { hasFailed } from '#app/check-business.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { JsonObject } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import { isRotated, withValue } from '#domain/secret/rotation.ts';
import { appCredentials, checkWithMeta, readPlatform } from './check-with-meta.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { findTenant, readTenantId } from './find-tenant.ts';
import { findingsInWords } from './findings.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { counted } from './parked-view.ts';
import { readSecretValue, type ValueOptions } from './read-secret-value.ts';
import {
  fieldOf,
  isSecretName,
  PLATFORM_NAMES,
  platformFieldOf,
  type SecretName,
} from './secret-names.ts';
import { inWords, readTarget, type Target, type TargetOptions } from './target.ts';

interface PutOptions extends TargetOptions, ValueOptions {
  readonly tenant?: string;
  readonly replace?: boolean;
  readonly check: boolean;
  readonly appId?: string;
}

/** `concierge secret put`. */
export async function putSecret(
  name: string,
  options: PutOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  if (!isSecretName(name)) throw new UsageError(`There is no value ${name}.`);
  const owned = readOwner(name, options);
  const tenantId = owned === undefined ? undefined : readTenantId(owned);
  const value = await readSecretValue(name, options, terminal);
  const application = await connect(target, { tenant: tenantId, fields: [name] });
  try {
    const tenant = tenantId && (await findTenant(tenantId, application.register, target));
    const owner: SecretOwner = tenant ? { kind: 'tenant', id: tenant.id } : { kind: 'platform' };
    const fields = await readFields(owner, application);
    refuseLoss(name, fields, options);
    if (tenant && options.check) {
      const app = appCredentials(await readPlatform(application), options.appId);
      const question = { token: value, numbers: tenant.numbers, app, cures: [], pin: '' };
      const { findings } = await checkWithMeta(question, application);
      if (!options.json) terminal.out(findingsInWords(findings));
      if (hasFailed(findings)) {
        if (options.json) terminal.out(`${JSON.stringify({ stored: false, findings })}\n`);
        terminal.err(
          'concierge: Nothing was stored, since Meta says that it would not work. With --no-check Meta is not asked.\n',
        );
        finish(1);
        return;
      }
    }
    const written = withValue(fields, fieldOf(name), value, application.clock.now());
    await application.vault.write(owner, written);
    application.note({ changed: [name] });
    const parked = tenant ? await countParked(tenant, application) : 0;
    const missing = tenant ? [] : missingIn(written);
    const secret = application.vault.nameOf(owner);
    terminal.out(
      options.json
        ? `${JSON.stringify({ stored: true, what: name, secret, missing, parked })}\n`
        : asText({ name, secret, missing, parked, target }),
    );
  } finally {
    application.close();
  }
}

function readOwner(name: SecretName, { tenant }: PutOptions): string | undefined {
  if (name === 'access-token') {
    if (tenant !== undefined) return tenant;
    throw new UsageError('Say whose access token it is: --tenant <tenant>.');
  }
  if (tenant === undefined) return undefined;
  throw new UsageError(`The ${name} is the platform's, not a tenant's: leave --tenant out.`);
}

/** @throws OperatorError for a secret that cannot be added to */
export async function readFields(owner: SecretOwner, { vault }: Application): Promise<JsonObject> {
  const stored = await vault.read(owner);
  // A tenant's broken secret holds nothing that is worth keeping, the platform's may.
  if (stored !== 'unreadable' || owner.kind === 'tenant') {
    return stored === 'unreadable' ? {} : (stored?.fields ?? {});
  }
  throw new OperatorError(
    `Secret ${vault.nameOf(owner)} has a value that is no JSON object. Nothing was changed: put {} in its place with aws secretsmanager put-secret-value, then all values again.`,
  );
}

function refuseLoss(name: SecretName, fields: JsonObject, { replace }: PutOptions): void {
  const field = fieldOf(name);
  if (!isRotated(field) || replace) return;
  if (readPlatformSecret(fields)[field].length === 0) return;
  throw new OperatorError(
    `There is ${name === 'app-secret' ? 'an app secret' : 'a verify token'} already. Nothing was changed: npx concierge secret rotate ${name} accepts both for a while, --replace refuses the former one at once.`,
  );
}

/** Which of the platform's values are not there yet. */
export function missingIn(fields: JsonObject): readonly SecretName[] {
  const platform = readPlatformSecret(fields);
  return PLATFORM_NAMES.filter((name) => (platform[platformFieldOf(name)]?.length ?? 0) === 0);
}

async function countParked(
  { numbers }: RegisteredTenant,
  { parked }: Application,
): Promise<number> {
  const ids = new Set(numbers.map(({ phoneNumberId }) => phoneNumberId));
  const all = await parked.listParked();
  return all.filter(
    ({ chat, parking }) => parking.reason === 'token' && ids.has(chat.phoneNumberId),
  ).length;
}

interface Stored {
  readonly name: SecretName;
  readonly secret: string;
  readonly missing: readonly SecretName[];
  readonly parked: number;
  readonly target: Target;
}

function asText({ name, secret, missing, parked, target }: Stored): string {
  const lines = [`Stored the ${name} in secret ${secret}; functions notice within five minutes.`];
  if (missing.length > 0) {
    lines.push(
      `Still missing there: ${missing.join(', ')} (npx concierge secret put <what> ${inWords(target)}).`,
    );
  }
  if (parked > 0) {
    lines.push(
      `${counted(parked, 'message')} of the tenant ${parked === 1 ? 'waits' : 'wait'} for a token. Have ${parked === 1 ? 'it' : 'them'} answered, in a minute at the earliest:`,
      `  npx concierge dead-letters redrive --reason token ${inWords(target)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
