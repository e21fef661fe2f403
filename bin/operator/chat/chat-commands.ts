import { Command, Option } from 'commander';
import { CHAT_STATES } from '#domain/conversation/hand-over.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readLimit } from '#operator/read-limit.ts';
import { withTarget } from '#operator/target.ts';
import { giveCommand } from './command-chat.ts';
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
  addCommands(group, deps, finish);
  return group;
}

const COMMANDS = `
It goes into the chat's inbox and is carried out there within seconds, in order and once: with the same
--id it is the same, however often it is run. See docs/hand-over.md.`;

const WORDS = `
The words are read from standard input or a file, never from the command line, whose history keeps them.
They can be sent for 24 hours after the customer's last message, a template at any time. Who writes has
the chat from then on.

  npx concierge chat say "+34 600 111 222" --tenant bakery --stage prod --wait < reply.txt
  npx concierge chat say ES.1 --tenant bakery --template we_are_back --language es --stage prod`;

/** What a person does in a chat. */
function addCommands(group: Command, deps: CommandDeps, finish: Finish): void {
  for (const kind of ['take', 'release', 'say'] as const) {
    const command = withContact(group.command(kind))
      .description(DESCRIPTIONS[kind])
      .option('--by <name>', 'who of the business it is; default: whose credentials these are')
      .option('--id <id>', 'the same for every try; default: a random one')
      .option('--wait', 'until it is carried out and delivered, for a minute at most')
      .addHelpText('after', COMMANDS)
      .action((contact, options) => giveCommand(kind, contact, options, deps, finish));
    if (kind !== 'say') continue;
    command
      .option('--text-file <file>', 'holds the words; default: standard input')
      .option('--template <name>', 'a template that Meta has approved, instead of words')
      .option('--language <language>', "the template's language, such as es or pt_BR")
      .option('--parameter <text>', 'for a placeholder of the template; may be repeated', oneMore)
      .addHelpText('after', WORDS);
  }
}

const DESCRIPTIONS = {
  take: 'take a chat: the assistant is silent, messages are kept for a person',
  release: 'give a chat back to the assistant, which answers what is unanswered',
  say: 'write to the contact as a person of the business',
};

function oneMore(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function withContact(command: Command) {
  return withTarget(command)
    .argument('<contact>', 'a user id or phone number')
    .requiredOption('--tenant <tenant>', 'whose contact it is')
    .option('--number <id>', "only at this phone number id, also if it is the tenant's no more");
}
