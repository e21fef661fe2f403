import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#operator/operator-error.ts';
import { ExportFile } from './export-file.ts';
import { SentFiles } from './sent-files.ts';

/** The two files of an export, and where what the customer sent lies beside them. */
export interface ExportFiles {
  readonly json: ExportFile;
  readonly text: ExportFile;
  readonly sent: SentFiles;
}

/**
 * Both, empty; in a folder under this name. A folder that is not there is created for its owner alone.
 * @throws UsageError where one of them is there already or cannot be created; then there is none
 */
export async function createFiles(place: string, name: string): Promise<ExportFiles> {
  const isFile = place.endsWith('.json');
  if (!isFile) await createFolder(place);
  const stem = isFile ? place.slice(0, -'.json'.length) : join(place, name);
  const json = await ExportFile.create(`${stem}.json`);
  try {
    const text = await ExportFile.create(`${stem}.txt`);
    return { json, text, sent: new SentFiles(`${stem}-files`) };
  } catch (error) {
    await json.discard();
    throw error;
  }
}

async function createFolder(path: string): Promise<void> {
  try {
    // Not those above it: a mistyped path is no wish for a tree of folders.
    await mkdir(path, { mode: 0o700 });
  } catch (cause) {
    if (await isFolder(path)) return;
    const code = String(cause instanceof Error ? Reflect.get(cause, 'code') : cause);
    throw new UsageError(
      `${JSON.stringify(path)} cannot be a folder for it: ${REASONS[code] ?? code}. Name a folder, or a file that ends in .json.`,
      { cause },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'what stands above it is a file',
  ENOENT: 'the folder above it is not there',
  EACCES: 'no permission',
};
