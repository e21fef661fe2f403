import type { RegisteredTenant, TenantRegister } from '#app/ports/tenant-register.ts';
import { parseTenantId, type TenantId } from '#domain/ids.ts';
import { isOfCanary } from '#domain/tenant/canary-tenant.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { suggestion } from './suggest.ts';
import { inWords, type Target } from './target.ts';

/** @throws UsageError */
export function readTenantId(text: string): TenantId {
  const id = parseTenantId(text);
  if (id) return id;
  throw new UsageError(
    `${JSON.stringify(text)} is no tenant id: lower-case letters, digits and dashes, at most 64.`,
  );
}

/** @throws OperatorError where there is no such tenant */
export async function findTenant(
  id: TenantId,
  register: TenantRegister,
  target: Target,
): Promise<RegisteredTenant> {
  const found = await register.find(id);
  if (found) return found;
  if (isOfCanary(id)) {
    throw new OperatorError(
      `${id} is the check that every stage has built in, and no business: it is in no table, and nothing of it can be changed (docs/canary.md)`,
    );
  }
  const ids = (await register.list()).map((each) => each.id);
  throw new OperatorError(
    `There is no tenant ${id}${suggestion(id, ids)}: see npx concierge tenant list ${inWords(target)}`,
  );
}

/** @throws OperatorError where its record cannot be read */
export function readable({ id, tenant }: RegisteredTenant, target: Target): Tenant {
  if (tenant !== 'misconfigured') return tenant;
  throw new OperatorError(
    `The record of ${id} cannot be read: remove it and add it again, with npx concierge tenant remove ${id} ${inWords(target)}`,
  );
}
