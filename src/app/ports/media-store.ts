import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import type { ContentType } from '#domain/media/content-type.ts';
import type { KeptObject } from '#domain/media/reading.ts';

/** Whose file it is, and of which message. */
export interface MediumPlace {
  readonly tenantId: TenantId;
  readonly chat: Chat;
  readonly message: MessageKey;
}

export interface NewMedium extends MediumPlace {
  readonly bytes: Uint8Array;
  readonly type: ContentType;
  /** It is kept for no longer. */
  readonly keptDays: number;
}

/** Files that customers sent, under their tenant. Every write can be repeated harmlessly. */
export interface MediaStore {
  /** The same message's file is the same object, however often it is put. */
  put(medium: NewMedium): Promise<KeptObject>;

  /** @returns undefined where it is not there any more */
  get(key: string): Promise<Uint8Array | undefined>;

  /** What is not there is erased all the same. */
  erase(place: MediumPlace): Promise<void>;
}

/** The operator's view. */
export interface MediaArchive {
  /** The keys of everything of a chat, whatever its messages say. */
  list(owned: Pick<MediumPlace, 'tenantId' | 'chat'>): Promise<readonly KeptFile[]>;
  get(key: string): Promise<Uint8Array | undefined>;
  remove(keys: readonly string[]): Promise<void>;
}

export interface KeptFile {
  readonly key: string;
  /** When its message was sent, by Meta's time; 0 where that is not known. */
  readonly sentAtMs: number;
  /** When it was put there, by the store's time. */
  readonly keptAtMs: number;
}
