import type { Clock } from '#app/ports/clock.ts';
import type {
  KeptFile,
  MediaArchive,
  MediaStore,
  MediumPlace,
  NewMedium,
} from '#app/ports/media-store.ts';
import { keyTimeMs } from '#domain/conversation/message.ts';
import { chatKey } from '#domain/ids.ts';
import type { KeptObject } from '#domain/media/reading.ts';

type Owned = Parameters<MediaArchive['list']>[0];

/** Files in memory: the same promises as in a bucket, for tests and the simulation. */
export class InMemoryMediaStore implements MediaStore, MediaArchive {
  readonly #clock: Clock;
  readonly #files = new Map<string, NewMedium & Pick<KeptFile, 'keptAtMs'>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async put(medium: NewMedium): Promise<KeptObject> {
    const key = keyOf(medium);
    this.#files.set(key, { ...medium, keptAtMs: this.#clock.now() });
    return { key, type: medium.type, bytes: medium.bytes.length };
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#files.get(key)?.bytes;
  }

  async erase(place: MediumPlace): Promise<void> {
    this.#files.delete(keyOf(place));
  }

  async list(owned: Owned): Promise<readonly KeptFile[]> {
    return this.filesOf(owned);
  }

  /** As they are at this moment. */
  filesOf(owned: Owned): readonly KeptFile[] {
    return [...this.#files]
      .filter(([key]) => key.startsWith(prefixOf(owned)))
      .map(([key, { message, keptAtMs }]) => ({ key, sentAtMs: keyTimeMs(message), keptAtMs }));
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#files.delete(key);
  }
}

function keyOf({ message, ...owned }: MediumPlace): string {
  return `${prefixOf(owned)}${message}`;
}

function prefixOf({ tenantId, chat }: Pick<MediumPlace, 'tenantId' | 'chat'>): string {
  return `tenant/${tenantId}/${chatKey(chat)}/`;
}
