import type { Command } from 'commander';
import type { JsonObject } from '#domain/json.ts';

/** What may be said on the command line of what a business may use and spend. */
export interface LimitOptions {
  readonly answersPerMinute?: string;
  readonly messagesPerMinute?: string;
  readonly messagesPerHour?: string;
  readonly turnsPerMinute?: string;
  readonly budgetPerDay?: string;
  readonly budgetPerMonth?: string;
  readonly contactBudgetPerDay?: string;
  readonly contactBudgetPerMonth?: string;
  readonly warnAt?: string;
  readonly limitText?: string;
  readonly fallbackModel?: string;
}

/** What a limit or a budget is said to be where it goes back to its default. */
const NONE = 'none';

export function withLimitFields(command: Command): Command {
  return command
    .option('--answers-per-minute <count>', 'how often one contact is answered')
    .option('--messages-per-minute <count>', 'how much one contact may write')
    .option('--messages-per-hour <count>', 'the same in an hour')
    .option('--turns-per-minute <count>', "answers to all contacts; none: the stage's limit")
    .option('--budget-per-day <dollars>', 'what the business may cost in a day; none: any sum')
    .option('--budget-per-month <dollars>', 'the same in a month')
    .option('--contact-budget-per-day <dollars>', 'what one contact may cost in a day')
    .option('--contact-budget-per-month <dollars>', 'the same in a month')
    .option('--warn-at <shares>', 'shares of the budget to warn at, such as 0.5,0.8')
    .option('--limit-text <text>', 'sent once when a limit or a budget is reached; none: the usual')
    .option('--fallback-model <model>', 'a cheaper one, for when the budget has no room; or none');
}

/** As a file says it; what was not said is left out. */
export function readLimitFields(options: LimitOptions): JsonObject {
  const contact = said({
    answersPerMinute: number(options.answersPerMinute),
    messagesPerMinute: number(options.messagesPerMinute),
    messagesPerHour: number(options.messagesPerHour),
  });
  const limits = said({ contact, turnsPerMinute: number(options.turnsPerMinute) });
  const budget = said({
    perDay: orNull(options.budgetPerDay),
    perMonth: orNull(options.budgetPerMonth),
    contactPerDay: orNull(options.contactBudgetPerDay),
    contactPerMonth: orNull(options.contactBudgetPerMonth),
    warnAt: shares(options.warnAt),
  });
  const limitText = orNull(options.limitText);
  const fallbackModel = orNull(options.fallbackModel);
  return said({ limits, budget, limitText, fallbackModel }) ?? {};
}

/** What is no number is told so by the schema. */
function number(text: string | undefined): number | string | null | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : orNull(text);
}

function shares(text: string | undefined): readonly unknown[] | null | undefined {
  if (text === undefined || text === NONE) return text === NONE ? null : undefined;
  return text.split(',').map((each) => (each.trim() === '' ? each : Number(each)));
}

function orNull(text: string | undefined): string | null | undefined {
  return text === NONE ? null : text;
}

function said(fields: JsonObject): JsonObject | undefined {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
