import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { KeptFile, MediaArchive } from '#app/ports/media-store.ts';
import { chatPrefix, sentAtOf } from './media-keys.ts';

export interface S3MediaArchiveOptions {
  readonly client: S3Client;
  readonly bucket: string;
}

const PARALLEL_REQUESTS = 8;

/** What the operator does to a chat's files. */
export class S3MediaArchive implements MediaArchive {
  readonly #options: S3MediaArchiveOptions;

  constructor(options: S3MediaArchiveOptions) {
    this.#options = options;
  }

  async list(owned: Parameters<MediaArchive['list']>[0]): Promise<readonly KeptFile[]> {
    const { client, bucket } = this.#options;
    const input = { Bucket: bucket, Prefix: chatPrefix(owned) };
    const files: KeptFile[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, input)) {
      for (const { Key: key, LastModified: keptAt } of Contents) {
        if (key === undefined || !keptAt) continue;
        files.push({ key, sentAtMs: sentAtOf(key), keptAtMs: keptAt.getTime() });
      }
    }
    return files;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const { client, bucket } = this.#options;
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    const { client, bucket } = this.#options;
    const limit = pLimit(PARALLEL_REQUESTS);
    await Promise.all(
      keys.map((Key) => limit(() => client.send(new DeleteObjectCommand({ Bucket: bucket, Key })))),
    );
  }
}
