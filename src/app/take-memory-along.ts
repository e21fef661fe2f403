import type { Chat, TenantId } from '#domain/ids.ts';
import { mergeItems } from '#domain/memory/learn.ts';
import { currentMemory } from '#domain/memory/memory.ts';
import type { ChatMemories } from './ports/chat-memories.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';

export interface TakeMemoryAlongDeps {
  readonly memories: ChatMemories;
  readonly ids: Ids;
  readonly clock: Clock;
}

const MOST_TRIES = 3;

/**
 * The contact goes on under another id: what is remembered under the former one is remembered there. First
 * written there, then taken away here, so that a crash in between is repeated harmlessly. What was said here
 * and not looked through yet is not remembered; as messages it stays.
 * @returns whether there was anything
 */
export async function takeMemoryAlong(
  { from, to, tenantId }: { readonly from: Chat; readonly to: Chat; readonly tenantId: TenantId },
  { memories, ids, clock }: TakeMemoryAlongDeps,
): Promise<boolean> {
  const old = await memories.readWithHead(from);
  if (old.stored.memory.revision === '') return false;
  const known = currentMemory(old.stored.memory, old.head, tenantId, clock.now());
  for (let tries = 0; known.items.length > 0; tries += 1) {
    const here = await memories.readWithHead(to);
    const own = currentMemory(here.stored.memory, here.head, tenantId, clock.now());
    const isFirst = own.items.length === 0;
    const written = await memories.keep(to, here.stored, {
      ...own,
      revision: ids.next(),
      tenantId,
      beganAtMs: isFirst ? known.beganAtMs : Math.min(own.beganAtMs, known.beganAtMs),
      // Also where the head is about to be written for the first time: it was made of no erased one.
      headVersion: Math.max(here.head.version, 1),
      items: mergeItems(own.items, known.items),
    });
    if (written === 'kept') break;
    if (tries >= MOST_TRIES) return false;
  }
  if (known.tenantId === undefined) await memories.drop(from, old.stored);
  if (known.items.length === 0) return false;
  // Its positions stay: should the contact come back, nothing is learned twice, or after it was forgotten.
  await memories.keep(from, old.stored, { ...known, revision: ids.next(), items: [] });
  return true;
}
