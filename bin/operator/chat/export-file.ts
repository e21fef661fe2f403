import { type FileHandle, open, unlink } from 'node:fs/promises';
import { OperatorError, UsageError } from '#operator/operator-error.ts';

/** A file that only its owner can read, and that was not there before. */
export class ExportFile {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @throws UsageError where it cannot be created */
  static async create(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(path, await open(path, 'wx', 0o600));
    } catch (cause) {
      const code = codeOf(cause);
      const reason = REASONS[code] ?? code;
      throw new UsageError(`${path} cannot be written: ${reason}.`, { cause });
    }
  }

  /** @throws OperatorError */
  async write(text: string): Promise<void> {
    try {
      await this.#handle.writeFile(text);
    } catch (cause) {
      throw new OperatorError(`${this.path} cannot be written any further: ${codeOf(cause)}.`, {
        cause,
      });
    }
  }

  /** Written as a whole when it resolves. @throws OperatorError */
  async close(): Promise<void> {
    try {
      await this.#handle.close();
    } catch (cause) {
      throw new OperatorError(`${this.path} cannot be written to its end: ${codeOf(cause)}.`, {
        cause,
      });
    }
  }

  /** Half an export would be taken for a whole one. @returns whether it is gone; why it was given up is told elsewhere */
  async discard(): Promise<boolean> {
    await this.#handle.close().catch(() => undefined);
    return unlink(this.path).then(
      () => true,
      (error: unknown) => codeOf(error) === 'ENOENT',
    );
  }
}

function codeOf(error: unknown): string {
  return String(error instanceof Error ? Reflect.get(error, 'code') : error);
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is there already, and nothing is overwritten',
  ENOENT: 'the folder above is not there',
  ENOTDIR: 'what stands for its folder is a file',
  EACCES: 'no permission',
  EROFS: 'nothing can be written there',
};
