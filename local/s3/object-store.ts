import { createHash } from 'node:crypto';
import type { ModelClock } from '#local/clock.ts';
import { ObjectFiles } from './object-files.ts';
import { noSuchBucket } from './s3-error.ts';

/** An object of a bucket. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly modifiedAtMs: number;
}

/** Objects with these tags go so many days after they were put. */
export interface ExpiryRule {
  readonly prefix: string;
  readonly tag: { readonly key: string; readonly value: string } | undefined;
  readonly days: number;
}

export interface ObjectStoreOptions {
  readonly clock: ModelClock;
  /** Where objects are kept between runs. @default in memory */
  readonly directory?: string;
}

const DAY_MS = 86_400_000;

/**
 * The objects of S3, without its HTTP: one version of each. An object whose time is over is gone at the
 * midnight that follows it, as a lifecycle rule has it.
 */
export class ObjectStore {
  readonly #clock: ModelClock;
  readonly #files: ObjectFiles | undefined;
  readonly #buckets = new Map<string, readonly ExpiryRule[]>();
  readonly #objects: Map<string, StoredObject>;

  constructor({ clock, directory }: ObjectStoreOptions) {
    this.#clock = clock;
    this.#files = directory === undefined ? undefined : new ObjectFiles(directory);
    const kept = this.#files?.readAll() ?? [];
    this.#objects = new Map(kept.map((each) => [nameOf(each), each]));
  }

  createBucket(bucket: string, rules: readonly ExpiryRule[] = []): void {
    this.#buckets.set(bucket, rules);
  }

  /** @throws S3Error NoSuchBucket, as all of these */
  put(object: Omit<StoredObject, 'modifiedAtMs'>): StoredObject {
    this.#require(object.bucket);
    const stored = { ...object, modifiedAtMs: this.#clock.now() };
    this.#files?.write(nameOf(stored), stored);
    this.#objects.set(nameOf(stored), stored);
    return stored;
  }

  get(bucket: string, key: string): StoredObject | undefined {
    this.#require(bucket);
    const found = this.#objects.get(nameOf({ bucket, key }));
    if (!found || !this.#isExpired(found)) return found;
    this.delete(bucket, key);
    return undefined;
  }

  /** What is not there is deleted all the same. */
  delete(bucket: string, key: string): void {
    this.#require(bucket);
    const name = nameOf({ bucket, key });
    if (this.#objects.delete(name)) this.#files?.remove(name);
  }

  /** By key, in the order of their bytes. */
  list(bucket: string, prefix: string): readonly StoredObject[] {
    this.#require(bucket);
    return [...this.#objects.values()]
      .filter((each) => each.bucket === bucket && each.key.startsWith(prefix))
      .filter((each) => !this.#isExpired(each))
      .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  #require(bucket: string): void {
    if (!this.#buckets.has(bucket)) throw noSuchBucket();
  }

  #isExpired({ bucket, key, tags, modifiedAtMs }: StoredObject): boolean {
    const days = (this.#buckets.get(bucket) ?? [])
      .filter((rule) => key.startsWith(rule.prefix))
      .filter(({ tag }) => tag === undefined || tags[tag.key] === tag.value)
      .map((rule) => rule.days);
    const endMs = modifiedAtMs + Math.min(...days) * DAY_MS;
    return this.#clock.now() >= Math.ceil(endMs / DAY_MS) * DAY_MS;
  }
}

function nameOf({ bucket, key }: Pick<StoredObject, 'bucket' | 'key'>): string {
  return createHash('sha256').update(`${bucket}\n${key}`).digest('hex');
}
