import type { CommandBook, KnownCommand, NamedCommand } from '#app/ports/command-book.ts';
import type { Command } from '#domain/conversation/command.ts';
import { type Chat, chatKey } from '#domain/ids.ts';

/** Ids of commands in a process's memory. */
export class InMemoryCommandBook implements CommandBook {
  readonly #claims = new Map<string, { readonly said: string; readonly atMs: number }>();

  async find(chat: Chat, named: NamedCommand): Promise<KnownCommand | undefined> {
    return this.#find(chat, named);
  }

  async claim(chat: Chat, named: NamedCommand, atMs: number): Promise<KnownCommand> {
    const before = this.#find(chat, named);
    if (before) return before;
    const said = wantedBy(named.command);
    this.#claims.set(`${chatKey(chat)}#${named.id}`, { said, atMs });
    return { kind: 'known', atMs };
  }

  #find(chat: Chat, { id, command }: NamedCommand): KnownCommand | undefined {
    const claim = this.#claims.get(`${chatKey(chat)}#${id}`);
    if (!claim) return undefined;
    return claim.said === wantedBy(command)
      ? { kind: 'known', atMs: claim.atMs }
      : { kind: 'another' };
  }
}

function wantedBy({ by: _, ...wanted }: Command): string {
  return JSON.stringify(wanted);
}
