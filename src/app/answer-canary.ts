import type { PhoneNumberId } from '#domain/ids.ts';
import { CANARY_NUMBER, CANARY_TENANT, CANARY_TENANT_ID } from '#domain/tenant/canary-tenant.ts';
import type { Job, JobsQueue } from './ports/jobs.ts';
import type { MessageSender } from './ports/message-sender.ts';
import type { SpendLedger } from './ports/spend-ledger.ts';
import type { TenantDirectory } from './ports/tenant-directory.ts';

export interface AnswersCanary {
  readonly sender: MessageSender;
  readonly jobs: JobsQueue;
  readonly ledger: SpendLedger;
}

/**
 * What the canary is spared of a turn that is otherwise like any other: nothing goes out, nothing is done
 * afterwards, and no budget stops it. It is told by its number alone, which no tenant can have.
 */
export function answerCanary<Deps extends AnswersCanary>(deps: Deps): Deps {
  return {
    ...deps,
    sender: toNobody(deps.sender),
    jobs: withoutCanary(deps.jobs),
    ledger: unstopped(deps.ledger),
  };
}

/** The table is asked for the canary too, so that one that does not answer is noticed. */
export function knowCanary(tenants: TenantDirectory): TenantDirectory {
  return {
    findByPhoneNumber: async (phoneNumberId) => {
      const found = await tenants.findByPhoneNumber(phoneNumberId);
      return isCanary(phoneNumberId) ? CANARY_TENANT : found;
    },
  };
}

function toNobody(sender: MessageSender): MessageSender {
  return {
    send: async (message) => {
      const { chat, turnId, part } = message.reference;
      if (!isCanary(chat.phoneNumberId)) return sender.send(message);
      return { kind: 'sent', wamid: `wamid.canary.${turnId}.${part}`, toNobody: true };
    },
    showTyping: async (receipt) => isCanary(receipt.phoneNumberId) || sender.showTyping(receipt),
  };
}

function withoutCanary(jobs: JobsQueue): JobsQueue {
  return {
    send: async (all, delaySeconds) => {
      const wanted = all.filter((job) => !isCanary(chatOf(job).phoneNumberId));
      return wanted.length === 0 ? 0 : jobs.send(wanted, delaySeconds);
    },
  };
}

function chatOf(job: Job) {
  return job.kind === 'notice' ? job.notice.chat : job.chat;
}

/** What it costs is counted while there is room, and a platform whose budget is spent is checked all the same. */
function unstopped(ledger: SpendLedger): SpendLedger {
  return {
    reserve: async (spender, amount, atMs) => {
      const reserved = await ledger.reserve(spender, amount, atMs);
      const { tenantId } = spender;
      if (reserved.kind === 'reserved' || tenantId !== CANARY_TENANT_ID) return reserved;
      const reservation = { tenantId, amount, atMs, holds: [] };
      return { kind: 'reserved', reservation, warnings: [] };
    },
    settle: (reservation, costs) => ledger.settle(reservation, costs),
    add: (spender, costs, atMs) => ledger.add(spender, costs, atMs),
    spentIn: (month, owner) => ledger.spentIn(month, owner),
  };
}

function isCanary(phoneNumberId: PhoneNumberId): boolean {
  return phoneNumberId === CANARY_NUMBER;
}
