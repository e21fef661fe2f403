import type { Failure } from '#domain/failure.ts';
import type { PhoneNumberId, TenantId } from '#domain/ids.ts';

/** A file at Meta, as a customer's message names it. */
export interface WantedMedium {
  readonly tenantId: TenantId;
  readonly phoneNumberId: PhoneNumberId;
  readonly mediaId: string;
  /** As the message says, in base64 or hexadecimal digits; undefined = it does not say. */
  readonly sha256: string | undefined;
  /** Not a byte more is read. */
  readonly mostBytes: number;
  /** Of all that it takes: the address, the file, perhaps both once more. */
  readonly timeoutMs: number;
}

/**
 * - `fetched`: whole, and what was sent
 * - `too-large`: more than was wanted
 * - `damaged`: its hash is another one than the message's, or Meta's
 * - `failed`: `give-up-here` = Meta does not have it, and never will again
 */
export type FetchedMedium =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Where customers' files are fetched from. Failures are values, classified by the adapter. */
export interface MediaSource {
  fetch(wanted: WantedMedium): Promise<FetchedMedium>;
}
