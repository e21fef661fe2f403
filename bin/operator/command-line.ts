import { Command, CommanderError } from 'commander';
import { audit } from './audit/audit-commands.ts';
import {
  type About,
  type AuditedApplication,
  AuditSession,
  type Running,
} from './audit-session.ts';
import { chat } from './chat/chat-commands.ts';
import { EFFECTS } from './command-effects.ts';
import type { Connect } from './connect.ts';
import { deadLetters } from './dead-letters/dead-letters.ts';
import { doctor } from './doctor/doctor.ts';
import { explainError } from './explain-error.ts';
import { UsageError } from './operator-error.ts';
import { secret } from './secret/secret-commands.ts';
import { spend } from './spend/spend.ts';
import { type Target, withLocalUrl } from './target.ts';
import { tenant } from './tenant/tenant-commands.ts';
import type { Terminal } from './terminal.ts';
import { trace } from './trace/trace.ts';

/** What every command is given. */
export interface CommandDeps {
  readonly terminal: Terminal;
  /** Of what changes something, `about` goes into the audit trail before it resolves. */
  connect(target: Target, about?: About): Promise<AuditedApplication>;
  pause(ms: number): Promise<unknown>;
}

/** Where commands run. */
export interface CommandWorld extends Pick<CommandDeps, 'terminal' | 'pause'> {
  readonly connect: Connect;
}

/** Tells the exit code of a command that ran to its end: 1 where something failed or was left. */
export type Finish = (exitCode: 0 | 1) => void;

const EXIT_CODES = `
Exit codes: 0 done, 1 something failed or was left, 2 the command or its environment is wrong.`;

/** All commands there are. */
export function allCommands(deps: CommandDeps, finish: Finish): Command {
  return new Command('concierge')
    .description('Looks after a running WhatsApp Concierge.')
    .addHelpText('after', EXIT_CODES)
    .addCommand(tenant(deps, finish))
    .addCommand(secret(deps, finish))
    .addCommand(spend(deps))
    .addCommand(deadLetters(deps, finish))
    .addCommand(chat(deps, finish))
    .addCommand(trace(deps, finish))
    .addCommand(audit(deps, finish))
    .addCommand(doctor(deps, finish));
}

/** Runs one command. @returns its exit code */
export async function runCommandLine(
  argv: readonly string[],
  { terminal, pause, connect }: CommandWorld,
): Promise<number> {
  const session = new AuditSession(connect);
  const deps = {
    terminal,
    pause,
    connect: (target: Target, about?: About) => session.connect(target, about),
  };
  let exitCode = 0;
  const program = allCommands(deps, (code) => {
    exitCode = code;
  });
  program.hook('preAction', (_, command) => session.start(runningOf(command)));
  forEachCommand(program, (command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      // Told below, like every other error.
      outputError: () => {},
    });
  });
  let end: Parameters<AuditSession['end']>[0];
  try {
    await program.parseAsync(withLocalUrl(argv), { from: 'user' });
    end = { outcome: exitCode === 0 ? 'done' : 'incomplete', error: undefined };
  } catch (error) {
    exitCode = error instanceof CommanderError ? refused(error, terminal) : failed(error, terminal);
    end = { outcome: 'failed', error: error instanceof Error ? error.name : 'unknown' };
  }
  try {
    await session.end(end);
    return exitCode;
  } catch (error) {
    return Math.max(exitCode, failed(error, terminal));
  }
}

/** @throws RangeError for a command that does not say what it does: a mistake of ours */
function runningOf(command: Command): Running {
  const name = pathOf(command);
  const effect = EFFECTS.get(name);
  if (!effect) throw new RangeError(`Say in command-effects.ts what ${name} does`);
  const given = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const options = given.map(({ long, flags }) => long ?? flags);
  return { command: name, effect, options: options.filter((each) => !TOLD_BESIDE.has(each)) };
}

/** Options that say where, and how to print it, and the one that has a place of its own in an entry. */
const TOLD_BESIDE = new Set(['--stage', '--local', '--json', '--tenant']);

/** `tenant set`, without the name of the program. */
export function pathOf(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${pathOf(above)} ${command.name()}` : command.name();
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
    .replace(/^command-argument value '.*' is invalid/, 'what was given is invalid')
    .replace(/'[^'\s]{25,}'/g, "'…'");
  return failed(new UsageError(`${words} (see --help)`), terminal);
}

function failed(error: unknown, terminal: Terminal): number {
  const { message, exitCode } = explainError(error);
  terminal.err(`concierge: ${message}\n`);
  return exitCode;
}
