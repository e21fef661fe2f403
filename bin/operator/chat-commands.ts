import { Command } from 'commander';
import type { CommandDeps, Finish } from './command-line.ts';
import { eraseChat } from './erase-chat.ts';
import { withTarget } from './target.ts';

const ERASE = `
A contact goes by the phone number in digits, or by Meta's user id such as ES.9021…; every other id that
is known of them is erased as well. What was written until now is gone for good, and so is what of it
Meta still delivers; what is written from now on is answered as from a new contact. It can be interrupted
and repeated. What stays, and where else to look: docs/operator.md.`;

/** `concierge chat`: what was said. */
export function chat(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('chat').description('what customers and the assistant have said');
  withTarget(group.command('erase'))
    .description('erase everything of a contact of a business, for good')
    .argument('<contact>', 'phone number in digits, or user id')
    .requiredOption('--tenant <tenant>', 'the id of the business')
    .option('--yes', 'without asking')
    .addHelpText('after', ERASE)
    .action((contact, options) => eraseChat(contact, options, deps, finish));
  return group;
}
