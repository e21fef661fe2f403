import { NO_BUDGET, type TenantBudget } from '#domain/money/budget.ts';

/** How much a tenant and its contacts may use and spend, and what happens beyond that. */
export interface TenantTerms {
  readonly limits: TenantLimits;
  readonly budget: TenantBudget;
  /** Sent once when a limit or a budget is reached. */
  readonly limitText: string;
  /** Answers where the budget has no room for the tenant's model; undefined = then nobody does. */
  readonly fallbackModel: string | undefined;
}

export interface TenantLimits {
  readonly contact: ContactLimits;
  /** Turns of all contacts together in a minute; undefined = the stage's. */
  readonly turnsPerMinute: number | undefined;
}

/** What one contact may have. */
export interface ContactLimits {
  readonly answersPerMinute: number;
  /** Counted as they are accepted; what comes beyond is stored all the same. */
  readonly messagesPerMinute: number;
  readonly messagesPerHour: number;
}

/** The greatest number that each limit may be. */
export const HIGHEST_LIMITS = {
  answersPerMinute: 1_000,
  messagesPerMinute: 10_000,
  messagesPerHour: 100_000,
  turnsPerMinute: 1_000_000,
} as const;

/** What holds for a tenant of which nothing else is said. */
export const DEFAULT_TERMS: TenantTerms = {
  limits: {
    contact: { answersPerMinute: 10, messagesPerMinute: 60, messagesPerHour: 1_000 },
    turnsPerMinute: undefined,
  },
  budget: NO_BUDGET,
  limitText:
    'Thank you, your message has arrived. We cannot answer everything at once right now; please give us a little time.',
  fallbackModel: undefined,
};
