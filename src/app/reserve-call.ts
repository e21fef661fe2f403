import { backoffMs } from '#domain/backoff.ts';
import { framed } from '#domain/conversation/framed.ts';
import { turnOf } from '#domain/conversation/history.ts';
import { instructionsOf } from '#domain/conversation/instructions.ts';
import { buildPrompt, type PromptMessage, toldOfGaps } from '#domain/conversation/prompt.ts';
import { shielded } from '#domain/conversation/shield.ts';
import { isOwn } from '#domain/conversation/tenancy.ts';
import { toldOfTime } from '#domain/conversation/told-of-time.ts';
import type { TurnId } from '#domain/ids.ts';
import { hasRoomFor } from '#domain/limits/contact-usage.ts';
import { knownText, summarisedUpTo } from '#domain/memory/known-text.ts';
import { versionOfTurn } from '#domain/memory/memory.ts';
import { type MicroUsd, microUsd } from '#domain/money/micro-usd.ts';
import { costOfImages, costOfUsage, upperBoundOf } from '#domain/money/model-cost.ts';
import { outputTokensOf } from '#domain/tenant/manners-settings.ts';
import type { Question } from './ask-model.ts';
import type { DeferredChat } from './chat-outcome.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { CountMetric, Metrics } from './ports/metrics.ts';
import type { ModelReply } from './ports/reply-model.ts';
import type {
  BudgetScope,
  BudgetWarning,
  Costs,
  Reservation,
  SpendLedger,
} from './ports/spend-ledger.ts';
import { spenderOf } from './spender-of.ts';

export interface ReserveCallDeps {
  readonly ledger: SpendLedger;
  /** For tenants that chose none. */
  readonly defaultModel: string;
  /** For tenants that chose no number; undefined = as many as come. */
  readonly turnsPerMinute: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A call to the model that there is money for. */
export interface ModelCall {
  readonly kind: 'reserved';
  readonly model: string;
  readonly instructions: string;
  readonly conversation: readonly PromptMessage[];
  /** The most that it can cost. */
  readonly bound: MicroUsd;
  readonly reservation: Reservation;
}

/** `refused`: a budget has no room, also not for the tenant's fallback model. */
export type Call = ModelCall | { readonly kind: 'refused' } | DeferredChat;

/** Reserves the most that the next call can cost: of the contact's budget, the tenant's and the platform's. */
export async function reserveCall(question: Question, deps: ReserveCallDeps): Promise<Call> {
  const { work, tenant, head } = question;
  const { budget } = tenant;
  const nowMs = deps.clock.now();
  const conversation = promptOf(question, nowMs);
  const instructions = instructionsOf(tenant);
  const maxOutputTokens = outputTokensOf(tenant);
  const ofContact = { perDay: budget.contactPerDay, perMonth: budget.contactPerMonth };
  let refusedBy: BudgetScope | 'contact' = 'contact';
  const [first, ...cheaper] = modelsOf(question, deps);
  for (const model of [first, ...cheaper]) {
    const bound = upperBoundOf(model, { instructions, conversation, maxOutputTokens });
    if (!hasRoomFor(head.usage, bound, ofContact, nowMs)) continue;
    const reserved = await deps.ledger.reserve(spenderOf(tenant, work.chat, deps), bound, nowMs);
    if (reserved.kind === 'reserved') {
      warn(reserved.warnings, deps);
      if (model !== first) deps.metrics.count('FallbackModelCalls');
      const { reservation } = reserved;
      return { kind: 'reserved', model, instructions, conversation, bound, reservation };
    }
    if (reserved.by === 'tenant-rate') return delayed(question, reserved.retryAfterMs, deps);
    refusedBy = reserved.by;
  }
  deps.metrics.count(STOPS[refusedBy]);
  deps.log.warn('budget_reached', { scope: refusedBy });
  return { kind: 'refused' };
}

function promptOf(question: Question, nowMs: number): readonly PromptMessage[] {
  const { work, tenant, head, memory, former, earlier, messages, pending } = question;
  const toAnswer = pending.toAnswer.map((stored) => shielded(stored));
  // Worked alone because something of the chat makes us fail: that may as well lie in its past.
  if (work.only !== undefined) return buildPrompt({ history: [], toAnswer }).map(framed);
  const from = summarisedUpTo(memory, tenant.memory);
  const recent = [...earlier, ...messages].filter((stored) => versionOf(turnOf(stored)) > from);
  const own = [...former, ...recent].filter((stored) => isOwn(head, stored));
  const history = own.map((stored) => shielded(stored));
  const known = knownText(memory, tenant.memory);
  const prompt = buildPrompt({ known, history, toAnswer, tokenRatio: head.tokenRatio });
  return [...toldOfTime(tenant.hours, nowMs), ...toldOfGaps(head), ...prompt].map(framed);
}

/** What is part of no turn is looked at by `buildPrompt`. */
function versionOf(turn: TurnId | undefined): number {
  return turn === undefined ? Number.POSITIVE_INFINITY : versionOfTurn(turn);
}

const STOPS: Readonly<Record<BudgetScope | 'contact', CountMetric>> = {
  contact: 'ContactBudgetStops',
  'tenant-day': 'TenantBudgetStops',
  'tenant-month': 'TenantBudgetStops',
  'platform-day': 'PlatformBudgetStops',
  'platform-month': 'PlatformBudgetStops',
};

/** What a call has cost, as far as the peer says; all of the bound where it may have cost, and says nothing. */
export function costOf({ model, bound }: ModelCall, reply: ModelReply): MicroUsd | undefined {
  if (reply.usage) return costOfUsage(model, reply.usage);
  const mayHaveCost = reply.kind === 'answer' || reply.failure.mayHaveCost === true;
  return mayHaveCost ? bound : undefined;
}

export async function settleCall(
  call: ModelCall,
  cost: MicroUsd | undefined,
  { ledger, metrics }: Pick<ReserveCallDeps, 'ledger' | 'metrics'>,
): Promise<void> {
  if (cost !== undefined) metrics.count('ModelCost', cost);
  await ledger.settle(call.reservation, cost === undefined ? {} : costsOf(call, cost));
}

function costsOf({ model, conversation }: ModelCall, cost: MicroUsd): Costs {
  const vision = costOfImages(model, { conversation }, cost);
  return { model: microUsd(cost - vision), ...(vision > 0 && { vision }) };
}

function modelsOf(
  { tenant }: Question,
  { defaultModel }: ReserveCallDeps,
): readonly [string, ...string[]] {
  const model = tenant.model ?? defaultModel;
  const { fallbackModel } = tenant;
  return fallbackModel === undefined || fallbackModel === model ? [model] : [model, fallbackModel];
}

function warn(warnings: readonly BudgetWarning[], { log, metrics }: ReserveCallDeps): void {
  for (const { scope, share } of warnings) {
    metrics.count('BudgetWarnings');
    log.warn('budget_warning', { scope, share });
  }
}

/** Longer each time: chats that a tenant's limit delays shall neither all come back at once nor too often. */
function delayed(
  { work }: Question,
  retryAfterMs: number,
  { metrics, random }: ReserveCallDeps,
): DeferredChat {
  metrics.count('TurnsDelayedByTenantLimit');
  const delayMs = backoffMs(work.attempt, random.next(), retryAfterMs);
  return { kind: 'deferred', delayMs, cause: 'tenant-limit' };
}
