import { readFile } from 'node:fs/promises';
import { UsageError } from './operator-error.ts';
import type { Terminal } from './terminal.ts';

const MOST_BYTES = 1024 * 1024;

/** What `-` stands for, and what is read where no file is given. */
const STANDARD_INPUT = '-';

/** A whole file, or standard input. @throws UsageError */
export async function readSource(file: string, terminal: Terminal): Promise<string> {
  return readNamed(file, nameOf(file), terminal);
}

async function readNamed(file: string, name: string, terminal: Terminal): Promise<string> {
  const text = file === STANDARD_INPUT ? await terminal.readInput() : await contentOf(file, name);
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new UsageError(`${name} is longer than ${MOST_BYTES} bytes: is it the right one?`);
  }
  return text.replace(/^\uFEFF/, '');
}

/** One value, such as a token. Neither it nor a part of it is in any message. @throws UsageError */
export async function readValue(what: string, file: string, terminal: Terminal): Promise<string> {
  const isTyped = file === STANDARD_INPUT && terminal.hasPerson;
  const text = isTyped
    ? await terminal.askHidden(`${what} (is not shown; then Enter): `)
    : await readNamed(file, nameOfValueFile(file), terminal);
  const value = text.trim();
  if (value === '')
    throw new UsageError(`${nameOfValueFile(file)} is empty: it must hold the ${what}.`);
  if (/[\s\p{C}]/u.test(value)) {
    throw new UsageError(
      `${nameOfValueFile(file)} holds more than one word: it must hold the ${what} and nothing else.`,
    );
  }
  return value;
}

export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'Standard input' : file;
}

/** Its name is not repeated: it may be the value itself, given in the wrong place. */
export function nameOfValueFile(file: string): string {
  return file === STANDARD_INPUT ? nameOf(file) : 'The file that was named';
}

async function contentOf(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    throw new UsageError(`${name} cannot be read: ${REASONS[String(code)] ?? code}.`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
};
