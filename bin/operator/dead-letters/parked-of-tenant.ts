import type { ParkedMessage } from '#app/ports/parked-messages.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import type { Target } from '#operator/target.ts';

/** Whose each number is at which something is parked; a number that is nobody's is left out. */
export async function ownersOfParked(
  parked: readonly ParkedMessage[],
  { register }: Pick<Application, 'register'>,
): Promise<ReadonlyMap<PhoneNumberId, TenantId>> {
  const numbers = [...new Set(parked.map(({ chat }) => chat.phoneNumberId))];
  const owners = new Map<PhoneNumberId, TenantId>();
  for (const number of numbers) {
    const owner = await register.ownerOf(number);
    if (owner !== undefined && owner !== 'misconfigured') owners.set(number, owner);
  }
  return owners;
}

/**
 * What is parked at the numbers that are a tenant's now; all of it where none is named.
 * @throws OperatorError where there is no such tenant
 */
export async function parkedOf(
  tenant: string | undefined,
  parked: readonly ParkedMessage[],
  application: Pick<Application, 'register'>,
  target: Target,
): Promise<readonly ParkedMessage[]> {
  if (tenant === undefined) return parked;
  const { id } = await findTenant(readTenantId(tenant), application.register, target);
  const owners = await ownersOfParked(parked, application);
  return parked.filter(({ chat }) => owners.get(chat.phoneNumberId) === id);
}
