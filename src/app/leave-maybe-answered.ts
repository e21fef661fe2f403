import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import { heardIn, isUnsure, sendNoFurther } from '#domain/conversation/lost-time.ts';
import { isSilent } from '#domain/conversation/silence.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import { type ChatOutcome, FENCED, SETTLED } from './chat-outcome.ts';
import { deliverTurn } from './deliver-turn.ts';
import type { DeliverTurnDeps, TurnWork } from './delivery-step.ts';
import type { KeepForPersonDeps } from './keep-for-person.ts';
import type { ChatState } from './move-chat.ts';
import { tellMaybeAnswered } from './tell-business.ts';

/**
 * The tables were restored, and these were perhaps answered in the time that they know nothing of: a person
 * looks, and no model is asked. The chat stays with whoever has it, so that what is written from now on is
 * answered. The head is written first, which keeps a worker out that read the chat before; the business is
 * told before the messages are finished, so that a crash tells it again.
 */
export async function leaveMaybeAnswered(
  { chat, correlationId }: Pick<ChatWork, 'chat' | 'correlationId'>,
  tenant: Tenant,
  { head, pending: { maybeAnswered: messages } }: Pick<ChatState, 'head' | 'pending'>,
  deps: KeepForPersonDeps,
): Promise<ChatOutcome> {
  const said = messages.filter(({ message }) => message.command === undefined);
  const lastMessageAtMs = Math.max(
    head.lastMessageAtMs,
    ...said.map(({ message }) => message.sentAtMs),
  );
  const saved = await deps.store.saveHead(chat, {
    ...heardIn(head, said, tenant.optOut),
    tenantId: tenant.id,
    flag: 'maybe-answered',
    lastMessageAtMs,
  });
  if (saved === 'stale') return FENCED;
  const told = { chat, tenantId: tenant.id, correlationId };
  const keys = messages.map(({ key }) => key);
  const isPersonThere = isSilent(saved, tenant, deps.clock.now());
  const untold = await tellMaybeAnswered(told, { name: keys[0] ?? '', keys, isPersonThere }, deps);
  if (untold) return untold;
  await deps.store.finish(chat, keys, { outcome: 'maybe-answered', turnId: undefined });
  const { metrics, log } = deps;
  if (saved.replies !== head.replies) {
    const { kind } = saved.replies ?? {};
    metrics.count(kind === 'stopped' ? 'ContactsOptedOut' : 'ContactsOptedIn');
    log.info('consent_changed', { kind });
  }
  metrics.count('MessagesFinished', said.length);
  metrics.count('CommandsFinished', messages.length - said.length);
  metrics.count('MessagesMaybeAnswered', messages.length);
  log.info('messages_unanswered', { messages: messages.length, outcome: 'maybe-answered' });
  return SETTLED;
}

/** A turn of before: what of it is not known to be out is not sent, and it is closed with that remark. */
export async function sendOpenTurnNoFurther(
  work: TurnWork,
  tenant: Tenant,
  { head, turn }: { readonly head: ChatHead; readonly turn: OpenTurn },
  deps: DeliverTurnDeps,
): Promise<ChatOutcome> {
  const { chat } = work;
  const proofs = await Promise.all(
    turn.parts.map(async ({ delivery }, part) => {
      if (delivery.kind === 'sent' || delivery.kind === 'refused') return undefined;
      return (await deps.store.readOutbound({ chat, turnId: turn.id, part }))?.wamid;
    }),
  );
  const saved = await deps.store.saveHead(chat, sendNoFurther(head, proofs, tenant.id));
  if (saved === 'stale') return FENCED;
  if (isUnsure(saved)) {
    deps.log.warn('turn_sent_no_further', { turnId: turn.id });
    const isPersonThere = isSilent(saved, tenant, deps.clock.now());
    const about = { name: turn.id, keys: turn.answers, isPersonThere };
    const untold = await tellMaybeAnswered(work, about, deps);
    if (untold) return untold;
  }
  const closed = await deliverTurn(work, saved, 'found', deps);
  // Nothing is sent, so nothing can be refused.
  return closed.kind === 'unsendable' ? SETTLED : closed;
}
