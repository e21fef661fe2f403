import type { Erasure } from '#domain/conversation/head.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import type { MediaArchive } from './ports/media-store.ts';

/**
 * Removes the files of what was said in a chat up to its erasure; those of what was said since stay. What was
 * kept before it was said before, whatever time its message claims.
 * @returns how many there were
 */
export async function eraseFiles(
  chat: Chat,
  { tenantId, erasure }: { readonly tenantId: TenantId; readonly erasure: Pick<Erasure, 'atMs'> },
  media: MediaArchive,
): Promise<number> {
  const files = await media.list({ tenantId, chat });
  const erased = files.filter(
    ({ sentAtMs, keptAtMs }) =>
      keptAtMs <= erasure.atMs || (sentAtMs > 0 && sentAtMs <= erasure.atMs),
  );
  if (erased.length > 0) await media.remove(erased.map(({ key }) => key));
  return erased.length;
}
