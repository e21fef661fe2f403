import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Secret } from './secret.ts';

/** Empty where there is no file yet. */
export function readSecretsFile(path: string): readonly Secret[] {
  try {
    const secrets: Secret[] = JSON.parse(readFileSync(path, 'utf8'));
    return secrets;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Replaces the file as a whole, so that it is never half written; only its owner can read it. */
export function writeSecretsFile(path: string, secrets: readonly Secret[]): void {
  const draft = `${path}.new`;
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(draft, path);
}
