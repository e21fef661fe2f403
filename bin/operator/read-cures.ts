import type { Cure } from '#app/check-business.ts';
import { UsageError } from './operator-error.ts';

export interface CureOptions {
  readonly subscribe?: boolean;
  readonly register?: boolean;
  readonly check: boolean;
}

/** What to have Meta do where it is missing. @throws UsageError */
export function readCures({ subscribe, register, check }: CureOptions): readonly Cure[] {
  const cures: Cure[] = [];
  if (register) cures.push('register');
  if (subscribe) cures.push('subscribe');
  if (check || cures.length === 0) return cures;
  throw new UsageError(
    `With --no-check Meta is not asked, so it cannot ${cures.join(' and ')} anything either.`,
  );
}
