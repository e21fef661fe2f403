import { claimNumbers, type NumberTaken } from './add-tenant.ts';
import type { RegisteredTenant, TenantEntry, TenantRegister } from './ports/tenant-register.ts';

export type Changed = { readonly kind: 'changed' } | { readonly kind: 'conflict' } | NumberTaken;

/**
 * Puts a tenant's entry in place of the one that was seen. New numbers are claimed before it, numbers
 * that are gone are released after it; doing it again finishes what a crash left half done.
 */
export async function changeTenant(
  seen: RegisteredTenant,
  wanted: TenantEntry,
  register: TenantRegister,
): Promise<Changed> {
  const { id } = seen;
  const had = new Set(seen.numbers.map(({ phoneNumberId }) => phoneNumberId));
  const has = new Set(wanted.numbers.map(({ phoneNumberId }) => phoneNumberId));
  const takeBack = async () => {
    for (const number of has) if (!had.has(number)) await register.release(number, id);
  };
  const refused = await claimNumbers(wanted, register);
  if (refused) {
    await takeBack();
    return refused;
  }
  if ((await register.replace(wanted, seen.revision)) === 'changed') {
    await takeBack();
    return { kind: 'conflict' };
  }
  for (const number of had) if (!has.has(number)) await register.release(number, id);
  return { kind: 'changed' };
}
