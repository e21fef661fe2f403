import type { S3Client } from '@aws-sdk/client-s3';
import type { MediaStore, MediumPlace, NewMedium } from '#app/ports/media-store.ts';
import type { KeptObject } from '#domain/media/reading.ts';
import { mediaKey } from './media-keys.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

export interface S3MediaStoreOptions {
  readonly bucket: string;
  /** Ascending: for how many days the bucket can be told to keep an object. */
  readonly keepDays: readonly number[];
  readonly client: (sdk: Sdk) => S3Client;
}

/**
 * Files in a bucket. How long one is kept is a tag, by which the bucket's rules delete it: the greatest
 * number of days that its tenant's retention covers.
 */
export class S3MediaStore implements MediaStore {
  readonly #options: S3MediaStoreOptions;
  #client: S3Client | undefined;

  constructor(options: S3MediaStoreOptions) {
    this.#options = options;
  }

  async put(medium: NewMedium): Promise<KeptObject> {
    const { sdk, client } = await this.#open();
    const { bytes, type, keptDays } = medium;
    const key = mediaKey(medium);
    await client.send(
      new sdk.PutObjectCommand({
        Bucket: this.#options.bucket,
        Key: key,
        Body: bytes,
        ContentType: type,
        Tagging: `keep-days=${this.#keepDays(keptDays)}`,
      }),
    );
    return { key, type, bytes: bytes.length };
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const { sdk, client } = await this.#open();
    const command = new sdk.GetObjectCommand({ Bucket: this.#options.bucket, Key: key });
    try {
      const { Body } = await client.send(command);
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof sdk.NoSuchKey || isDenied(error)) return undefined;
      throw error;
    }
  }

  async erase(place: MediumPlace): Promise<void> {
    const { sdk, client } = await this.#open();
    const Key = mediaKey(place);
    await client.send(new sdk.DeleteObjectCommand({ Bucket: this.#options.bucket, Key }));
  }

  /** Rounded down: nothing is kept for longer than its tenant says. */
  #keepDays(keptDays: number): number {
    const { keepDays } = this.#options;
    const fitting = keepDays.findLast((days) => days <= keptDays) ?? keepDays[0];
    if (fitting === undefined) throw new RangeError('The bucket has no rule that ends anything');
    return fitting;
  }

  /** Loaded on first use: most turns bring no file. */
  async #open(): Promise<{ readonly sdk: Sdk; readonly client: S3Client }> {
    const sdk = await import('@aws-sdk/client-s3');
    this.#client ??= this.#options.client(sdk);
    return { sdk, client: this.#client };
  }
}

/**
 * What S3 says of an object that is gone to whoever may not list its bucket, as our function. Where the
 * function should be refused in earnest, no object can be put either, and that is told.
 */
function isDenied(error: unknown): boolean {
  return error instanceof Error && error.name === 'AccessDenied';
}
