import { hasFailed } from '#app/check-business.ts';
import { SecretNotMirroredError } from '#app/mirror-secrets.ts';
import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { type JsonObject, textAt } from '#domain/json.ts';
import { readPlatformSecret } from '#domain/secret/platform-secret.ts';
import { isRotated, valuesOf, withValue } from '#domain/secret/rotation.ts';
import { checkWithMeta, type MetaQuestion, type MetaVerdict } from '#operator/check-with-meta.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant } from '#operator/find-tenant.ts';
import { findingsInWords } from '#operator/findings.ts';
import { appCredentials, nameWithOwner, readHeldApp } from '#operator/held-app.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { counted } from '#operator/plain-text.ts';
import { readPin } from '#operator/read-pin.ts';
import { inWords, readTarget, type Target } from '#operator/target.ts';
import { type PutOptions, readNumberCures, readOwner } from './put-options.ts';
import { readSecretValue, type ShownValue, shownValue } from './read-secret-value.ts';
import { refuseStrangePair } from './refuse-strange-pair.ts';
import {
  fieldOf,
  isSecretName,
  OWN_APP_NAMES,
  PLATFORM_NAMES,
  platformFieldOf,
  type SecretName,
} from './secret-names.ts';

/** `concierge secret put`. */
export async function putSecret(
  name: string,
  options: PutOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  if (!isSecretName(name)) throw new UsageError(`There is no value ${name}.`);
  const owner = readOwner(name, options);
  const cures = readNumberCures(name, options);
  const value = await readSecretValue(name, options, terminal);
  const newPin = await readPin(options.pinFile, terminal);
  const application = await connect(target, {
    tenant: owner.kind === 'tenant' ? owner.id : undefined,
    fields: [nameWithOwner(name, owner)],
  });
  try {
    const tenant =
      owner.kind === 'tenant'
        ? await findTenant(owner.id, application.register, target)
        : undefined;
    const fields = await readFields(owner, application);
    refuseLoss(name, fields, options);
    const pin = (options.pinFile === undefined && textAt(fields, 'pin')) || newPin;
    const asked =
      options.check && tenant && name === 'access-token'
        ? await askAbout({ token: value, pin, cures }, tenant, options, application)
        : undefined;
    const isIll = asked !== undefined && hasFailed(asked.findings);
    if (asked && !options.json) terminal.out(findingsInWords(asked.findings));
    // With a registration Meta has taken the PIN, which must not be lost.
    if (isIll && !asked.hasRegistered) {
      if (options.json) {
        terminal.out(`${JSON.stringify({ stored: false, findings: asked.findings })}\n`);
      }
      terminal.err(
        'concierge: Nothing was stored, since Meta says that it would not work. With --no-check Meta is not asked.\n',
      );
      finish(1);
      return;
    }
    const beside = asked?.hasRegistered ? { ...fields, pin } : fields;
    const written = withValue(beside, fieldOf(name), value, application.clock.now());
    if (options.check && (name === 'app-id' || name === 'app-secret')) {
      await refuseStrangePair(written, options.appId, application);
    }
    await storeSecret(owner, written, application, () => {
      application.note({ changed: [nameWithOwner(name, owner)] });
    });
    const parked = tenant && name === 'access-token' ? await countParked(tenant, application) : 0;
    const missing = missingIn(written, owner);
    const secret = application.vault.nameOf(owner);
    const shown = shownValue(value, options);
    terminal.out(
      options.json
        ? `${JSON.stringify({ stored: true, what: name, secret, missing, parked, ...shown })}\n`
        : asText({ name, owner, secret, missing, parked, target, ...shown }),
    );
    if (!options.json) terminal.out(await unusedInWords(owner, application, target));
    if (!isIll) return;
    terminal.err(
      'concierge: It was stored, since a number is registered by now and its PIN must not be lost, but will not work before what failed is removed.\n',
    );
    finish(1);
  } finally {
    application.close();
  }
}

/** Writes it; what is to be done then is done also where only its copy failed, during a move. */
export async function storeSecret(
  owner: SecretOwner,
  fields: JsonObject,
  { vault }: Application,
  then: () => void | Promise<void>,
): Promise<void> {
  try {
    await vault.write(owner, fields);
  } catch (error) {
    if (error instanceof SecretNotMirroredError) await then();
    throw error;
  }
  await then();
}

/** Of the app by which the tenant is served. */
async function askAbout(
  question: Pick<MetaQuestion, 'token' | 'pin' | 'cures'>,
  { tenant, numbers }: RegisteredTenant,
  { appId }: PutOptions,
  application: Application,
): Promise<MetaVerdict> {
  const own = tenant === 'misconfigured' ? undefined : tenant.app;
  const app = appCredentials(await readHeldApp(own, application), appId);
  return await checkWithMeta({ ...question, numbers, app }, application);
}

/** @throws OperatorError for a secret that cannot be added to */
export async function readFields(owner: SecretOwner, { vault }: Application): Promise<JsonObject> {
  const stored = await vault.read(owner);
  // A tenant's broken secret holds nothing that is worth keeping, an app's or the platform's may.
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
  if (valuesOf(fields, field).length === 0) return;
  throw new OperatorError(
    `There is ${ARTICLES[name] ?? `a ${name}`} already. Nothing was changed: npx concierge secret rotate ${name} accepts both for a while, --replace refuses the former one at once.`,
  );
}

const ARTICLES: Partial<Record<SecretName, string>> = {
  'app-secret': 'an app secret',
  'verify-token': 'a verify token',
  'notices-secret': 'a notices secret',
};

/** Which of the platform's values, or of an app's, are not there yet. */
export function missingIn(
  fields: JsonObject,
  owner: SecretOwner = { kind: 'platform' },
): readonly SecretName[] {
  if (owner.kind === 'tenant') return [];
  const held = readPlatformSecret(fields);
  const names = owner.kind === 'platform' ? PLATFORM_NAMES : OWN_APP_NAMES;
  return names.filter((name) => (held[platformFieldOf(name)]?.length ?? 0) === 0);
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

/** An own app's values may be put before there is its tenant; a name that was mistyped shows here too. */
async function unusedInWords(
  owner: SecretOwner,
  { register }: Application,
  target: Target,
): Promise<string> {
  if (owner.kind !== 'app' || (await register.findApp(owner.id))) return '';
  const { id } = owner;
  return `No tenant has the app ${id} yet: npx concierge tenant add, or set, with --app ${id} ${inWords(target)}\n`;
}

interface Stored extends ShownValue {
  readonly name: SecretName;
  readonly owner: SecretOwner;
  readonly secret: string;
  readonly missing: readonly SecretName[];
  readonly parked: number;
  readonly target: Target;
}

function asText(stored: Stored): string {
  const { name, owner, secret, missing, parked, target, verifyToken, noticesSecret } = stored;
  const lines = [`Stored the ${name} in secret ${secret}; functions notice within five minutes.`];
  if (verifyToken !== undefined) lines.push(`Verify token: ${verifyToken}`);
  if (noticesSecret !== undefined) lines.push(`For the business's server: ${noticesSecret}`);
  if (missing.length > 0) {
    const whose = owner.kind === 'app' ? `--app ${owner.id} ` : '';
    lines.push(
      `Still missing there: ${missing.join(', ')} (npx concierge secret put <what> ${whose}${inWords(target)}).`,
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
