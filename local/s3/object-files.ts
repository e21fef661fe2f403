import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolder } from '../private-folder.ts';
import type { StoredObject } from './object-store.ts';

type Description = Omit<StoredObject, 'bytes'>;

const DESCRIPTION = '.json';
const CONTENT = '.bin';

/** Objects as files, two of each: what it is, and its bytes. Only their owner can read them. */
export class ObjectFiles {
  readonly #directory: string;

  constructor(directory: string) {
    privateFolder(directory);
    this.#directory = directory;
  }

  readAll(): readonly StoredObject[] {
    return readdirSync(this.#directory)
      .filter((file) => file.endsWith(DESCRIPTION))
      .map((file) => {
        const path = join(this.#directory, file);
        const description: Description = JSON.parse(readFileSync(path, 'utf8'));
        const bytes = readFileSync(path.replace(/\.json$/, CONTENT));
        return { ...description, bytes };
      });
  }

  /** The description comes last: an object whose run died in between was never put. */
  write(name: string, { bytes, ...description }: StoredObject): void {
    this.#replace(`${name}${CONTENT}`, bytes);
    this.#replace(`${name}${DESCRIPTION}`, Buffer.from(JSON.stringify(description)));
  }

  remove(name: string): void {
    for (const ending of [DESCRIPTION, CONTENT]) {
      rmSync(join(this.#directory, `${name}${ending}`), { force: true });
    }
  }

  #replace(file: string, content: Buffer): void {
    const path = join(this.#directory, file);
    writeFileSync(`${path}.new`, content, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
