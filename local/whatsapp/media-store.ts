import { createHash } from 'node:crypto';
import type { ModelClock } from '#local/clock.ts';
import { GraphError, unknownObject } from './graph-error.ts';
import { checkUpload } from './media-rules.ts';
import type { RandomBytes } from './random-bytes.ts';

const DAY_MS = 86_400_000;
const UPLOADED_LIFE_MS = 30 * DAY_MS;
const RECEIVED_LIFE_MS = 7 * DAY_MS;
const URL_LIFE_MS = 5 * 60_000;

/** A file at Meta, of one business number. */
export interface Medium {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly sha256: Buffer;
  readonly expiresAtMs: number;
}

export interface NewMedium {
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** Files by id with Meta's lifetimes: uploads 30 days, received ones 7 days, download addresses 5 minutes. */
export class MediaStore {
  readonly #clock: ModelClock;
  readonly #randomBytes: RandomBytes;
  readonly #media = new Map<string, Medium>();
  readonly #addresses = new Map<
    string,
    { readonly mediaId: string; readonly expiresAtMs: number }
  >();

  constructor(clock: ModelClock, randomBytes: RandomBytes) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /** @throws GraphError for a type or size that Meta does not take */
  upload(medium: NewMedium): Medium {
    checkUpload(medium.mimeType, medium.bytes.length);
    return this.#keep(medium, UPLOADED_LIFE_MS);
  }

  /** A file that a customer sent. */
  receive(medium: NewMedium, { isExpired = false } = {}): Medium {
    return this.#keep(medium, isExpired ? 0 : RECEIVED_LIFE_MS);
  }

  /** @throws GraphError 100/33 for an id that is unknown, expired or of another number */
  get(id: string, phoneNumberIds: readonly string[]): Medium {
    const medium = this.#media.get(id);
    const known = medium && phoneNumberIds.includes(medium.phoneNumberId);
    if (!known || medium.expiresAtMs <= this.#clock.now()) throw unknownObject(id, 'GET');
    return medium;
  }

  delete(id: string, phoneNumberIds: readonly string[]): void {
    this.get(id, phoneNumberIds);
    this.#media.delete(id);
  }

  /** A fresh download address, as the query of the lookaside URL. */
  addressOf(medium: Medium): URLSearchParams {
    const hash = Buffer.from(this.#randomBytes(18)).toString('base64url');
    const expiresAtMs = this.#clock.now() + URL_LIFE_MS;
    this.#addresses.set(hash, { mediaId: medium.id, expiresAtMs });
    const ext = String(Math.floor(expiresAtMs / 1_000));
    return new URLSearchParams({ mid: medium.id, ext, hash });
  }

  /** @throws GraphError with status 404 once the address is older than five minutes */
  open(query: URLSearchParams, phoneNumberIds: readonly string[]): Medium {
    const address = this.#addresses.get(query.get('hash') ?? '');
    const valid = address && address.expiresAtMs > this.#clock.now();
    if (!valid || address.mediaId !== query.get('mid')) {
      throw new GraphError(100, {
        status: 404,
        details: 'The media URL is unknown or has expired.',
      });
    }
    return this.get(address.mediaId, phoneNumberIds);
  }

  #keep({ phoneNumberId, mimeType, bytes }: NewMedium, lifeMs: number): Medium {
    const digits = Buffer.from(this.#randomBytes(8)).readBigUInt64BE() % 10n ** 14n;
    const medium = {
      id: (9n * 10n ** 14n + digits).toString(),
      phoneNumberId,
      mimeType,
      bytes,
      sha256: createHash('sha256').update(bytes).digest(),
      expiresAtMs: this.#clock.now() + lifeMs,
    };
    this.#media.set(medium.id, medium);
    return medium;
  }
}
