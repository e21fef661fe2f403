import type { BudgetWarning, SpendOwner } from '#app/ports/spend-ledger.ts';
import { hasReached } from '#domain/money/budget.ts';
import { dayOf } from '#domain/money/period.ts';
import type { UsagePlace, UsageState } from './usage-record.ts';
import type { PartLimits } from './usage-shards.ts';

/** A shard's item as it was written with a hold. */
export interface SeenUsage {
  readonly place: UsagePlace;
  readonly part: PartLimits;
  readonly state: UsageState;
}

/** A warning, and how the item's `warned` calls it. */
export interface WarningLevel extends BudgetWarning {
  readonly name: string;
}

/** The levels that are reached and that the item does not say to be told. */
export function untoldLevels(
  warnAt: readonly number[],
  { place, part, state }: SeenUsage,
): readonly WarningLevel[] {
  const whose: SpendOwner['kind'] = place.owner.kind;
  const today = dayOf(place.atMs).slice(8);
  const reached = warnAt.flatMap((share): readonly WarningLevel[] => [
    ...(hasReached(state.committedToday, share, part.perDay)
      ? [{ scope: `${whose}-day` as const, share, name: `${today}@${share}` }]
      : []),
    ...(hasReached(state.committed, share, part.perMonth)
      ? [{ scope: `${whose}-month` as const, share, name: `month@${share}` }]
      : []),
  ]);
  return reached.filter(({ name }) => !state.warned.has(name));
}
