import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExportedPart } from '#app/export-chat.ts';
import type { MediaArchive } from '#app/ports/media-store.ts';
import type { ContentType } from '#domain/media/content-type.ts';

const ENDINGS: { readonly [Type in ContentType]?: string } = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};

/** What a customer sent, each as a file for its owner alone, named by the end of its key in the JSON. */
export class SentFiles {
  readonly #folder: string;
  #exists = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns how many files a part has brought; one that is kept no longer brings none */
  async add(part: ExportedPart, media: Pick<MediaArchive, 'get'>): Promise<number> {
    const item = part.kind === 'item' ? part.item : undefined;
    const object = item?.kind === 'message' ? item.message.reading?.object : undefined;
    const bytes = object && (await media.get(object.key));
    if (!object || !bytes) return 0;
    if (!this.#exists) await mkdir(this.#folder, { mode: 0o700 });
    this.#exists = true;
    // A key of the bucket is digits and letters; whatever else it were must not leave the folder.
    const name = basename(object.key).replace(/[^\w.-]/g, '_');
    const path = join(this.#folder, `${name}.${ENDINGS[object.type] ?? 'bin'}`);
    await writeFile(path, bytes, { mode: 0o600 });
    return 1;
  }

  async discard(): Promise<void> {
    if (this.#exists) await rm(this.#folder, { recursive: true, force: true });
  }
}
