import { randomInt } from 'node:crypto';
import { UsageError } from './operator-error.ts';
import { nameOfValueFile, readValue } from './read-input.ts';
import type { Terminal } from './terminal.ts';

/** The PIN of a registration: the given one, or a new one. @throws UsageError */
export async function readPin(file: string | undefined, terminal: Terminal): Promise<string> {
  if (file === undefined) return String(randomInt(1_000_000)).padStart(6, '0');
  const pin = await readValue('PIN', file, terminal);
  if (/^\d{6}$/.test(pin)) return pin;
  throw new UsageError(`${nameOfValueFile(file)} holds no PIN: it must be six digits.`);
}
