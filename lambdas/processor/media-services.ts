import { extname } from 'node:path';
import { WorkerDocumentReader } from '#adapters/documents/worker-document-reader.ts';
import { S3MediaStore } from '#adapters/s3/s3-media-store.ts';
import { systemPauses } from '#adapters/system/system-pauses.ts';
import { Room } from '#app/room.ts';
import { MOST_BYTES_AT_ONCE } from '#domain/media/limits.ts';
import { sdkClientOptions } from '#runtime/aws/sdk-client-options.ts';
import { type EnvOf, positiveInteger } from '#runtime/env.ts';
import type { processorVariables } from './config.ts';

/** Where customers' files are kept, and who reads documents. */
export function createMediaServices(env: EnvOf<typeof processorVariables>) {
  const keepDays = env.MEDIA_KEEP_DAYS.split(',');
  return {
    room: new Room(MOST_BYTES_AT_ONCE, systemPauses),
    media: new S3MediaStore({
      bucket: env.MEDIA_BUCKET,
      keepDays: keepDays.map((days) => positiveInteger('MEDIA_KEEP_DAYS', days)),
      // A file of megabytes takes longer than what a table answers.
      client: ({ S3Client }) => new S3Client(sdkClientOptions({ requestTimeoutMs: 5_000 })),
    }),
    // Bundled to a file of its own, beside the handler.
    documents: new WorkerDocumentReader({
      workerUrl: new URL(`./pdf-worker${extname(import.meta.url)}`, import.meta.url),
    }),
  };
}
