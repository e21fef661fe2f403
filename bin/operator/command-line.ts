import { Command, CommanderError } from 'commander';
import { chat } from './chat-commands.ts';
import type { Connect } from './connect.ts';
import { deadLetters } from './dead-letters.ts';
import { doctor } from './doctor.ts';
import { explainError } from './explain-error.ts';
import { UsageError } from './operator-error.ts';
import { secret } from './secret-commands.ts';
import { withLocalUrl } from './target.ts';
import { tenant } from './tenant-commands.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandDeps {
  readonly terminal: Terminal;
  readonly connect: Connect;
  pause(ms: number): Promise<unknown>;
}

/** Tells the exit code of a command that ran to its end: 1 where something failed or was left. */
export type Finish = (exitCode: 0 | 1) => void;

const EXIT_CODES = `
Exit codes: 0 done, 1 something failed or was left, 2 the command or its environment is wrong.`;

/** Runs one command. @returns its exit code */
export async function runCommandLine(argv: readonly string[], deps: CommandDeps): Promise<number> {
  const { terminal } = deps;
  let exitCode = 0;
  const program = new Command('concierge')
    .description('Looks after a running WhatsApp Concierge.')
    .addHelpText('after', EXIT_CODES);
  const finish: Finish = (code) => {
    exitCode = code;
  };
  program
    .addCommand(tenant(deps, finish))
    .addCommand(secret(deps, finish))
    .addCommand(chat(deps, finish))
    .addCommand(deadLetters(deps, finish))
    .addCommand(doctor(deps, finish));
  forEachCommand(program, (command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      // Told below, like every other error.
      outputError: () => {},
    });
  });
  try {
    await program.parseAsync(withLocalUrl(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    return error instanceof CommanderError ? refused(error, terminal) : failed(error, terminal);
  }
}

function forEachCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const each of command.commands) forEachCommand(each, act);
}

/** Commander has its own codes: help that was asked for is none of them an error. */
function refused({ code, message, exitCode }: CommanderError, terminal: Terminal): number {
  if (exitCode === 0) return 0;
  // It has printed the help, for want of a command.
  if (code === 'commander.help') return 2;
  const words = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    // What was given in a wrong place may be a secret.
    .replace(/(unknown option '--?[\w-]+)=[^']*'/, "$1'")
    .replace(/(but got \d+): .*$/, '$1')
    .replace(/'[^'\s]{25,}'/g, "'…'");
  return failed(new UsageError(`${words} (see --help)`), terminal);
}

function failed(error: unknown, terminal: Terminal): number {
  const { message, exitCode } = explainError(error);
  terminal.err(`concierge: ${message}\n`);
  return exitCode;
}
