import type { Finding } from '#app/check-business.ts';
import { inBatches } from '#app/in-batches.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { hasReached } from '#domain/money/budget.ts';
import type { MicroUsd } from '#domain/money/micro-usd.ts';
import { dayOf, monthOf } from '#domain/money/period.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { NOTHING_SPENT, percentOf } from '#operator/spend/spend-view.ts';
import { inWords } from '#operator/target.ts';
import type { Patient } from './doctor.ts';

const AT_ONCE = 16;

/** Tenants whose contacts are told of a limit instead of being answered, since a budget is used up. */
export async function budgetFindings(patient: Patient): Promise<readonly Finding[]> {
  const { application, target, options } = patient;
  const tenants =
    options.tenant === undefined
      ? await application.register.list()
      : [await findTenant(readTenantId(options.tenant), application.register, target)];
  const limited = tenants.filter(({ tenant }) => {
    if (tenant === 'misconfigured') return false;
    return tenant.budget.perDay !== undefined || tenant.budget.perMonth !== undefined;
  });
  const look = (each: RegisteredTenant) => overspentOf(each, patient);
  const found = await inBatches(limited, look, { atOnce: AT_ONCE, onProgress: () => {} });
  const over = found.flat();
  if (over.length > 0 || limited.length === 0) return over;
  return [{ verdict: 'ok', check: 'budgets', message: "No tenant's budget is used up" }];
}

async function overspentOf(
  { id, tenant }: RegisteredTenant,
  { application, target }: Patient,
): Promise<readonly Finding[]> {
  if (tenant === 'misconfigured') return [];
  const nowMs = application.clock.now();
  const month = await application.ledger.spentIn(monthOf(nowMs), { kind: 'tenant', id });
  const today = month.days.get(dayOf(nowMs)) ?? NOTHING_SPENT;
  const used = [
    shareOf(today, tenant.budget.perDay, 'day'),
    shareOf(month, tenant.budget.perMonth, 'month'),
  ].filter((each) => each !== undefined);
  if (used.length === 0) return [];
  return [
    {
      verdict: 'warning',
      check: 'budgets',
      message: `${id}: its budget is used up: ${used.join(', ')}`,
      advice: `npx concierge spend show --tenant ${id} ${inWords(target)}; see docs/runbooks/budget-reached.md`,
    },
  ];
}

/** @returns undefined where there is room */
function shareOf(
  sums: Parameters<typeof percentOf>[0],
  limit: MicroUsd | undefined,
  period: string,
): string | undefined {
  if (!hasReached(sums.spent + sums.reserved, 1, limit)) return undefined;
  return `${percentOf(sums, limit)} % of the ${period}'s`;
}
