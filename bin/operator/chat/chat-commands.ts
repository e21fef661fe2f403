import { Command, Option } from 'commander';
import { CHAT_STATES } from '#domain/conversation/hand-over.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readLimit } from '#operator/read-limit.ts';
import { withTarget } from '#operator/target.ts';
import { eraseChat } from './erase-chat.ts';
import { exportChatCommand } from './export-chat.ts';
import { listChatsCommand } from './list-chats.ts';
import { showChatCommand } from './show-chat.ts';

const CONTACT = `
A contact goes by any of its ids: the user id, or the phone number with its country code. Earlier ids of
the contact are followed.`;

const FILES = `
Writes <name>.json, which is meant for programs (docs/export.md), and <name>.txt, which is meant to be
read. Only you can read the files; a file that is there is never overwritten.

  npx concierge chat export "+34 600 111 222" --tenant bakery --to exports/ --stage prod`;

const ERASE = `
A contact goes by any of its ids: the user id, or the phone number with its country code. Every other id
that is known of them is erased as well. What was written until now is gone for good, and so is what of it
Meta still delivers; what is written from now on is answered as from a new contact. It can be interrupted
and repeated. What stays, and where else to look: docs/operator.md.`;

/** `concierge chat`: what customers and businesses have said to each other. */
export function chat(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('chat').description('what customers and businesses have said');
  withTarget(group.command('list'))
    .description('list the chats of a tenant, the most recent first')
    .requiredOption('--tenant <tenant>', 'whose')
    .option('--flagged', 'only those that a person should look at')
    .addOption(
      new Option('--state <state>', 'only those that are answered so').choices([...CHAT_STATES]),
    )
    .addOption(new Option('--limit <n>', 'at most so many').argParser(readLimit).default(50))
    .action((options) => listChatsCommand(options, deps));
  withContact(group.command('show'))
    .description('show how a chat stands, and what was said when, without the words')
    .addOption(
      new Option('--limit <n>', 'at most so many messages, the newest')
        .argParser(readLimit)
        .default(50),
    )
    .option('--text', 'show the words as well')
    .addHelpText('after', CONTACT)
    .action((contact, options) => showChatCommand(contact, options, deps));
  withContact(group.command('export'))
    .description('write everything that is stored about a contact into files')
    .requiredOption('--to <place>', 'a folder, or a file whose name ends in .json')
    .addHelpText('after', CONTACT)
    .addHelpText('after', FILES)
    .action((contact, options) => exportChatCommand(contact, options, deps));
  withContact(group.command('erase'))
    .description('erase everything of a contact of a business, for good')
    .option('--yes', 'without asking')
    .addHelpText('after', ERASE)
    .action((contact, options) => eraseChat(contact, options, deps, finish));
  return group;
}

function withContact(command: Command) {
  return withTarget(command)
    .argument('<contact>', 'a user id or phone number')
    .requiredOption('--tenant <tenant>', 'whose contact it is')
    .option('--number <id>', "only at this phone number id, also if it is the tenant's no more");
}
