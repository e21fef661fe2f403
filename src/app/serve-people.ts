import type { ChatHead } from '#domain/conversation/head.ts';
import { compareInbound, type StoredInbound } from '#domain/conversation/message.ts';
import { isSilent } from '#domain/conversation/silence.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type CarryOutDeps, carryOut } from './carry-out.ts';
import type { ChatOutcome } from './chat-outcome.ts';
import { honourConsent } from './honour-consent.ts';
import { keepForPerson } from './keep-for-person.ts';
import type { ChatState } from './move-chat.ts';
import type { RunTurnDeps } from './run-turn.ts';

/** `again`: something is done, and the chat is to be read anew with this work. */
export type Served =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'again'; readonly work: ChatWork }
  | { readonly kind: 'ended'; readonly outcome: ChatOutcome };

/**
 * What comes before any answer: what people of the business want is carried out, oldest first; who wants no
 * answers gets none; and while a person has the chat, or is awaited, what is written is left to them.
 */
export async function servePeople(
  work: ChatWork,
  tenant: Tenant,
  state: ChatState & { readonly canSend: boolean },
  deps: CarryOutDeps & RunTurnDeps,
): Promise<Served> {
  const { head, pending } = state;
  const nowMs = deps.clock.now();
  const isPersons = isSilent(head, tenant, nowMs);
  const [command] = pending.toObey;
  // What was written before is left to the person, before the person does anything else.
  const toAnswer = command
    ? pending.toAnswer.filter((each) => compareInbound(each, command) < 0)
    : pending.toAnswer;
  if (command && (!isPersons || toAnswer.length === 0)) {
    const done = await carryOut({ work, tenant, state, entry: command }, deps);
    return after(done, withTakenUp(work, head, command));
  }
  const heard = await honourConsent(
    work,
    tenant,
    { ...state, pending: { ...pending, toAnswer } },
    deps,
  );
  if (heard !== 'go-on') return after(heard, work);
  if (!isPersons || toAnswer.length === 0) return { kind: 'go-on' };
  const kept = { tenant, head, timers: pending.timers };
  const outcome = await keepForPerson(work, kept, toAnswer, deps);
  return command ? after(outcome, work) : { kind: 'ended', outcome };
}

function after(outcome: ChatOutcome, work: ChatWork): Served {
  return outcome.kind === 'settled' ? { kind: 'again', work } : { kind: 'ended', outcome };
}

/** What a person has left unanswered may lie far back, and is found by its keys. */
function withTakenUp(work: ChatWork, { handOver }: ChatHead, command: StoredInbound): ChatWork {
  const { kind } = command.message.command ?? {};
  const isBack = kind === 'release' || kind === 'idle';
  return isBack ? { ...work, rung: new Set([...work.rung, ...(handOver?.kept ?? [])]) } : work;
}
