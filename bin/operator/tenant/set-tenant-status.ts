import type { Tenant } from '#domain/tenant/tenant.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { findTenant, readable, readTenantId } from '#operator/find-tenant.ts';
import { inWords, readTarget, type TargetOptions } from '#operator/target.ts';
import { change } from './change-entry.ts';

/** `concierge tenant suspend` and `resume`. */
export async function setTenantStatus(
  name: string,
  status: Tenant['status'],
  options: TargetOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const id = readTenantId(name);
  const application = await connect(target, { tenant: id, fields: ['status'] });
  try {
    const seen = await findTenant(id, application.register, target);
    const tenant = readable(seen, target);
    const isChange = tenant.status !== status;
    if (isChange) {
      const wanted = { tenant: { ...tenant, status }, numbers: seen.numbers };
      await change(seen, wanted, application, target);
    }
    if (options.json) {
      terminal.out(`${JSON.stringify({ tenant: id, status, changed: isChange })}\n`);
      return;
    }
    terminal.out(`${id} is ${status}${isChange ? ': noticed within a minute' : ' already'}.\n`);
    if (isChange && status === 'active') {
      terminal.out(
        `What was parked meanwhile is answered by npx concierge dead-letters redrive --reason tenant-suspended ${inWords(target)}\n`,
      );
    }
  } finally {
    application.close();
  }
}
