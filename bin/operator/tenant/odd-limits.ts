import type { TenantBudget } from '#domain/money/budget.ts';
import type { ContactLimits, TenantTerms } from '#domain/tenant/terms.ts';

/** What a business may be given and hardly means, a sentence each: one number makes the other idle. */
export function oddLimits({ limits, budget }: TenantTerms): readonly string[] {
  return [...oddBudgets(budget), ...oddRates(limits.contact)];
}

function oddBudgets(budget: TenantBudget): readonly string[] {
  const pairs = [
    ['perDay', 'perMonth'],
    ['contactPerDay', 'contactPerMonth'],
    ['contactPerDay', 'perDay'],
    ['contactPerMonth', 'perMonth'],
  ] as const;
  return pairs.flatMap(([part, whole]) =>
    isAbove(budget[part], budget[whole])
      ? [`budget.${part} is more than budget.${whole}, which is reached first.`]
      : [],
  );
}

function oddRates({ answersPerMinute, messagesPerMinute, messagesPerHour }: ContactLimits) {
  const odd: string[] = [];
  if (messagesPerMinute > messagesPerHour) {
    odd.push(
      'limits.contact.messagesPerMinute is more than messagesPerHour, which is reached first.',
    );
  }
  if (answersPerMinute > messagesPerMinute) {
    odd.push(
      'limits.contact.answersPerMinute is more than messagesPerMinute, which is reached first.',
    );
  }
  return odd;
}

function isAbove(part: number | undefined, whole: number | undefined): boolean {
  return part !== undefined && whole !== undefined && part > whole;
}
