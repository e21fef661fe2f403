import { type AppTaken, appOwner, type NumberTaken } from '#app/add-tenant.ts';
import type { BusinessNumber, TenantEntry } from '#app/ports/tenant-register.ts';
import type { TenantId } from '#domain/ids.ts';
import type { Application } from '#operator/connect.ts';
import { OperatorError } from '#operator/operator-error.ts';
import { inWords, type Target } from '#operator/target.ts';

/** Before Meta is asked, and changed, for nothing. @throws OperatorError */
export async function refuseExisting(
  { tenant, numbers }: TenantEntry,
  application: Application,
  target: Target,
): Promise<void> {
  if (await application.register.find(tenant.id)) throw existing(tenant.id, target);
  await refuseTakenApp(tenant, application, target);
  await refuseTaken(numbers, tenant.id, application, target);
}

/** @throws OperatorError */
async function refuseTakenApp(
  { id, app }: TenantEntry['tenant'],
  { register }: Application,
  target: Target,
): Promise<void> {
  const by = app && (await appOwner(app, register));
  if (app && by && by !== id) throw taken({ kind: 'app-taken', app, by }, target);
}

/** @throws OperatorError */
export async function refuseTaken(
  numbers: readonly BusinessNumber[],
  id: TenantId,
  { register }: Application,
  target: Target,
): Promise<void> {
  for (const { phoneNumberId } of numbers) {
    const by = await register.ownerOf(phoneNumberId);
    if (by === undefined || by === id) continue;
    throw taken({ kind: 'number-taken', phoneNumberId, by }, target);
  }
}

/** Says whose the number is, or the app. */
export function taken(what: NumberTaken | AppTaken, target: Target): OperatorError {
  const { by } = what;
  const isKnown = by !== undefined && by !== 'misconfigured';
  const owner = isKnown ? `tenant ${by}` : 'another tenant';
  const show = isKnown ? `: see npx concierge tenant show ${by} ${inWords(target)}` : '.';
  const name = what.kind === 'app-taken' ? `App ${what.app}` : `Number ${what.phoneNumberId}`;
  return new OperatorError(`${name} is taken by ${owner}; nothing was changed${show}`);
}

export function existing(id: TenantId, target: Target): OperatorError {
  return new OperatorError(
    `There is a tenant ${id} already; nothing was changed. Change it with npx concierge tenant set ${id} ${inWords(target)}`,
  );
}

/** Of a command that renews the token of a tenant, and was told what the tenant is. */
export function alreadyDescribed(id: TenantId, target: Target): OperatorError {
  return new OperatorError(
    `There is a tenant ${id} already; nothing was changed. To renew its token leave out --file and all else that says what it is; that is changed with npx concierge tenant set ${id} ${inWords(target)}`,
  );
}
