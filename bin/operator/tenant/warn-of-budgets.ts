import { instructionsOf } from '#domain/conversation/instructions.ts';
import { TEXT_LIMIT } from '#domain/conversation/reply-parts.ts';
import { inDollars, type MicroUsd } from '#domain/money/micro-usd.ts';
import { upperBoundOf } from '#domain/money/model-cost.ts';
import { outputTokensOf } from '#domain/tenant/manners-settings.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { Target } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';
import { deployments } from '../../deployments.ts';

/** A letter of Hindi, Thai or Chinese; others have fewer bytes. */
const LETTER = '字';

/** Not even the tokens of a history, and what is known beside it, are as many bytes. */
const MOST_HISTORY_LETTERS = 24_000;

/**
 * Says of each budget that it has no room for one call in a long chat. Nothing is refused for it: in short
 * chats it may do, but its owner should know why customers hear that a limit is reached.
 */
export function warnOfBudgets(tenant: Tenant, target: Target, terminal: Terminal): void {
  const { warnAt: _, ...amounts } = tenant.budget;
  const stage = deployments[target.kind === 'cloud' ? target.stage : 'dev'];
  const model = tenant.model ?? stage.processor.defaultModel;
  const bound = longCallBound(model, tenant);
  for (const [key, budget] of Object.entries(amounts)) {
    if (budget === undefined || budget >= bound) continue;
    terminal.err(
      `concierge: warning: budget.${key} is ${inDollars(budget)}, and one call to ${model} in a long chat may cost ${inDollars(bound)}: ${insteadOf(budget, tenant)}.\n`,
    );
  }
}

function insteadOf(budget: MicroUsd, tenant: Tenant): string {
  const { fallbackModel } = tenant;
  return fallbackModel !== undefined && budget >= longCallBound(fallbackModel, tenant)
    ? `${fallbackModel} is asked there instead`
    : 'there nobody is asked';
}

/** With all of the history, and one full message. */
function longCallBound(model: string, tenant: Tenant): MicroUsd {
  const text = LETTER.repeat(MOST_HISTORY_LETTERS + TEXT_LIMIT);
  return upperBoundOf(model, {
    instructions: instructionsOf(tenant),
    conversation: [{ text }],
    maxOutputTokens: outputTokensOf(tenant),
  });
}
