import { type Command, Option } from 'commander';
import { UsageError } from './operator-error.ts';

/** Options that people try for a value, and that there are not. */
const TRIED = ['value', 'token', 'secret', 'access-token', 'code', 'pin'] as const;

/** Such options are taken, to be refused with the reason. */
export function withTriedValues(command: Command): Command {
  for (const name of TRIED) {
    command.addOption(new Option(`--${name} [value]`).hideHelp());
  }
  return command;
}

/** @throws UsageError where a value was given on the command line; it repeats no part of it */
export function refuseValues(options: object, more: readonly string[], valueOption: string): void {
  const given = Reflect.ownKeys(options).map(String);
  const names = [...TRIED, 'accessToken'];
  if (more.length === 0 && !names.some((name) => given.includes(name))) return;
  throw new UsageError(
    `Values are never given on the command line, where the process list and the shell's history show them: use standard input, or ${valueOption} <file>. The one that was given may have been seen: replace it.`,
  );
}
