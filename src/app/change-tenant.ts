import { type AppTaken, claimApp, claimNumbers, type NumberTaken } from './add-tenant.ts';
import type { RegisteredTenant, TenantEntry, TenantRegister } from './ports/tenant-register.ts';

export type Changed =
  | { readonly kind: 'changed' }
  | { readonly kind: 'conflict' }
  /** The entry and the numbers are changed; the app that it had before is another's. */
  | (Omit<AppTaken, 'kind'> & { readonly kind: 'changed-without-app' })
  | NumberTaken
  | AppTaken;

/**
 * Puts a tenant's entry in place of the one that was seen. A new app and new numbers are claimed before
 * it, those that are gone are released after it; doing it again finishes what a crash left half done.
 */
export async function changeTenant(
  seen: RegisteredTenant,
  wanted: TenantEntry,
  register: TenantRegister,
): Promise<Changed> {
  const { id } = seen;
  const had = new Set(seen.numbers.map(({ phoneNumberId }) => phoneNumberId));
  const has = new Set(wanted.numbers.map(({ phoneNumberId }) => phoneNumberId));
  const { app } = wanted.tenant;
  const hadApp = seen.tenant === 'misconfigured' ? undefined : seen.tenant.app;
  const takeBack = async () => {
    for (const number of has) if (!had.has(number)) await register.release(number, id);
    if (app && app !== hadApp) await register.releaseApp(app, id);
  };
  const refused =
    (app === hadApp ? undefined : await claimApp(wanted, register)) ??
    (await claimNumbers(wanted, register));
  if (refused) {
    await takeBack();
    return refused;
  }
  if ((await register.replace(wanted, seen.revision)) === 'changed') {
    await takeBack();
    return { kind: 'conflict' };
  }
  // Its accounts may have changed: whoever was faster has written the right ones.
  const appTaken = app === hadApp ? await claimApp(wanted, register) : undefined;
  for (const number of had) if (!has.has(number)) await register.release(number, id);
  if (hadApp && hadApp !== app) await register.releaseApp(hadApp, id);
  return appTaken ? { ...appTaken, kind: 'changed-without-app' } : { kind: 'changed' };
}
