import { dollarsFor, type Unit } from './prices.ts';

/** Something of a month that is billed. */
export interface Line {
  /** What it is for, as the bill is to name it. */
  readonly part: string;
  readonly unit: Unit;
  readonly quantity: number;
}

export interface BillPart {
  readonly part: string;
  readonly dollars: number;
}

export interface Bill {
  /** In the order in which they first come. */
  readonly parts: readonly BillPart[];
  readonly dollars: number;
}

/** Tiers are the account's: all lines of a unit share them by how much each uses. */
export function billOf(lines: readonly Line[]): Bill {
  const quantities = new Map<Unit, number>();
  for (const { unit, quantity } of lines) {
    quantities.set(unit, (quantities.get(unit) ?? 0) + quantity);
  }
  const parts = new Map<string, number>();
  for (const { part, unit, quantity } of lines) {
    const all = quantities.get(unit) ?? 0;
    const dollars = all === 0 ? 0 : (dollarsFor(unit, all) * quantity) / all;
    parts.set(part, (parts.get(part) ?? 0) + dollars);
  }
  return {
    parts: [...parts].map(([part, dollars]) => ({ part, dollars })),
    dollars: [...parts.values()].reduce((sum, each) => sum + each, 0),
  };
}
