import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Key material in base64, by the key's ARN. */
type Keys = Readonly<Record<string, string>>;

/** Empty where there is no file yet. */
export function readKeysFile(path: string): ReadonlyMap<string, Buffer> {
  try {
    const keys: Keys = JSON.parse(readFileSync(path, 'utf8'));
    return new Map(
      Object.entries(keys).map(([arn, material]) => [arn, Buffer.from(material, 'base64')]),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Replaces the file as a whole, so that it is never half written; only its owner can read it. */
export function writeKeysFile(path: string, keys: ReadonlyMap<string, Buffer>): void {
  const draft = `${path}.new`;
  const entries = [...keys].map(([arn, material]) => [arn, material.toString('base64')]);
  writeFileSync(draft, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 });
  renameSync(draft, path);
}
