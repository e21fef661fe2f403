import type { MonthSpent } from '#app/ports/spend-ledger.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import type { SpendLimits } from '#domain/money/budget.ts';
import { microUsd, parseDollars, sumOf } from '#domain/money/micro-usd.ts';
import { dayOf, monthOf } from '#domain/money/period.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { readTarget, type Target, type TargetOptions } from '#operator/target.ts';
import { deployments } from '../../deployments.ts';
import { asJson, inWords, PRESENT_TENANTS, type SpendView } from './spend-view.ts';

interface SpendOptions extends TargetOptions {
  readonly tenant?: string;
  readonly month?: string;
}

const NO_LIMITS: SpendLimits = { perDay: undefined, perMonth: undefined };

/** How many tenants are asked about side by side. */
const AT_ONCE = 16;

/** `concierge spend show`. */
export async function showSpend(
  options: SpendOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const id = options.tenant === undefined ? undefined : readTenantId(options.tenant);
  const application = await connect(target);
  try {
    const nowMs = application.clock.now();
    const month = options.month ?? monthOf(nowMs);
    const today = monthOf(nowMs) === month ? dayOf(nowMs) : undefined;
    const views = id
      ? [await viewOfOne(id, month, application, target)]
      : await viewsOfAll(month, application, target);
    const report = { month, today, views, withDays: id !== undefined };
    terminal.out(options.json ? `${JSON.stringify(asJson(report))}\n` : inWords(report));
  } finally {
    application.close();
  }
}

/** Also of one that was removed, as long as it is remembered what it spent. */
async function viewOfOne(
  id: ReturnType<typeof readTenantId>,
  month: string,
  { ledger, register }: Application,
  target: Target,
): Promise<SpendView> {
  const spent = await ledger.spentIn(month, { kind: 'tenant', id });
  const found = await register.find(id);
  const isKnown = found !== undefined || spent.spent > 0 || spent.reserved > 0;
  const tenant = isKnown ? found : await findTenant(id, register, target);
  return { name: id, spent, limits: tenant ? limitsOf(tenant) : NO_LIMITS };
}

async function viewsOfAll(
  month: string,
  { ledger, register }: Application,
  target: Target,
): Promise<readonly SpendView[]> {
  const views: SpendView[] = [];
  const left = [...(await register.list())];
  while (left.length > 0) {
    const some = left.splice(0, AT_ONCE).map(async (tenant): Promise<SpendView> => {
      const spent = await ledger.spentIn(month, { kind: 'tenant', id: tenant.id });
      return { name: tenant.id, spent, limits: limitsOf(tenant) };
    });
    views.push(...(await Promise.all(some)));
  }
  const limits = platformLimits(target);
  const isCounted = limits.perDay !== undefined || limits.perMonth !== undefined;
  // Without a budget of its own nobody counts for the platform: then it is the sum of who is there now.
  const whole = isCounted
    ? { name: 'platform', spent: await ledger.spentIn(month, { kind: 'platform' }), limits }
    : { name: PRESENT_TENANTS, spent: together(views.map(({ spent }) => spent)), limits };
  return [...views, whole];
}

function limitsOf({ tenant }: RegisteredTenant): SpendLimits {
  return tenant === 'misconfigured' ? NO_LIMITS : tenant.budget;
}

/** As the stage of this release has them; the local stack is stage dev. */
function platformLimits(target: Target): SpendLimits {
  const { budget = {} } = deployments[target.kind === 'cloud' ? target.stage : 'dev'];
  return { perDay: parseDollars(budget.perDay), perMonth: parseDollars(budget.perMonth) };
}

function together(all: readonly MonthSpent[]): MonthSpent {
  const days = new Set(all.flatMap((each) => [...each.days.keys()]));
  const kinds = new Map<string, number>();
  for (const [kind, cost] of all.flatMap(({ byKind }) => Object.entries(byKind))) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + cost);
  }
  const total = (parts: readonly Pick<MonthSpent, 'spent' | 'reserved'>[]) => ({
    spent: sumOf(parts.map(({ spent }) => spent)),
    reserved: sumOf(parts.map(({ reserved }) => reserved)),
  });
  return {
    ...total(all),
    byKind: Object.fromEntries([...kinds].map(([kind, cost]) => [kind, microUsd(cost)])),
    days: new Map(
      [...days].sort().map((day) => {
        const parts = all.map((each) => each.days.get(day)).filter((each) => each !== undefined);
        return [day, total(parts)];
      }),
    ),
  };
}
