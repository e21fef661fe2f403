import { chmodSync, mkdirSync } from 'node:fs';

/** Raised where state cannot be kept; its message is meant for whoever named the folder. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** A folder that may be somebody's own; a new one is its owner's only. @throws DataDirectoryError */
export function dataFolder(path: string): void {
  explained(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

/** A folder of ours: what customers wrote lies in it, so its owner only may look. @throws DataDirectoryError */
export function privateFolder(path: string): void {
  dataFolder(path);
  explained(path, () => chmodSync(path, 0o700));
}

function explained(path: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    throw new DataDirectoryError(
      `${path} cannot hold the data: ${REASONS[String(code)] ?? String(code)}.`,
      { cause },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is no folder',
  ENOTDIR: 'it lies in what is no folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'nothing can be written there',
};
