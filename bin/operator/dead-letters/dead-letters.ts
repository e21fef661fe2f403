import { Command, InvalidArgumentError, Option } from 'commander';
import { PARK_REASONS } from '#domain/conversation/parking.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readLimit } from '#operator/read-limit.ts';
import { withTarget } from '#operator/target.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { showDeadLetter } from './show-dead-letter.ts';

const NAMES = `
A message goes by the pseudonym that the logs have as messageId; its first letters are enough.`;

/** `concierge dead-letters`: what waits for the operator. */
export function deadLetters(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('dead-letters').description(
    'messages that are parked: the processor gave them up until the operator has acted',
  );
  withTarget(group.command('list'))
    .description('list them, oldest first, and how many there are of each reason')
    .addOption(reason())
    .addOption(tenant())
    .option('--limit <n>', 'print the oldest n only', readLimit)
    .action((options) => listDeadLetters(options, deps));
  withTarget(group.command('show'))
    .description('show all that is known of one of them, without the text of the customer')
    .argument('<message>', 'its pseudonym')
    .option('--text', "show the customer's ids and text as well")
    .addHelpText('after', NAMES)
    .action((name, options) => showDeadLetter(name, options, deps));
  withTarget(group.command('redrive'))
    .description('have them answered, once their cause is removed; repeating it does no harm')
    .argument('[message...]', 'their pseudonyms')
    .option('--all', 'all of them')
    .addOption(reason())
    .addOption(tenant())
    .addOption(
      new Option('--wait <seconds>', 'go when nothing has changed for this long')
        .argParser(readSeconds)
        // A peer that refused is left alone for up to a minute before it is tried again.
        .default(90),
    )
    .addHelpText('after', NAMES)
    .action((names, options) => redriveDeadLetters(names, options, deps, finish));
  return group;
}

function reason(): Option {
  return new Option('--reason <reason>', 'those of this reason').choices(PARK_REASONS);
}

function tenant(): Option {
  return new Option('--tenant <tenant>', "those at the numbers that are this tenant's now");
}

function readSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}
