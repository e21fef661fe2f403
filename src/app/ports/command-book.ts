import type { Command } from '#domain/conversation/command.ts';
import type { Chat } from '#domain/ids.ts';

/** A command under the id that whoever gave it has chosen for it. */
export interface NamedCommand {
  readonly id: string;
  readonly command: Command;
}

/**
 * Who gives it is not looked at: a program that tries again may do so under another session's name.
 * - `known`: this very command has the id, since then
 * - `another`: another command has it
 */
export type KnownCommand =
  | { readonly kind: 'known'; readonly atMs: number }
  | { readonly kind: 'another' };

/**
 * Which ids of commands a chat has seen: what is asked again is the same entry of the inbox, at the same
 * place. Ids are remembered for as long as messages are taken.
 */
export interface CommandBook {
  /** Strongly consistent; undefined where nobody has used the id. */
  find(chat: Chat, named: NamedCommand): Promise<KnownCommand | undefined>;
  /** Writes the id down; of two at a time one is first, and both are told of it. */
  claim(chat: Chat, named: NamedCommand, atMs: number): Promise<KnownCommand>;
}
