import { type Chat, chatKey } from '#domain/ids.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { Spender } from './ports/spend-ledger.ts';

/** Who pays for what happens in a chat, on the tenant's terms as they are now. */
export function spenderOf(
  { id, budget, limits }: Tenant,
  chat: Chat,
  /** For tenants that have no such limit of their own. */
  stage: { readonly turnsPerMinute: number | undefined },
): Spender {
  const { perDay, perMonth, warnAt } = budget;
  const turnsPerMinute = limits.turnsPerMinute ?? stage.turnsPerMinute;
  return {
    tenantId: id,
    terms: { perDay, perMonth, warnAt, turnsPerMinute },
    spread: chatKey(chat),
  };
}
