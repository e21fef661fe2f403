import { Command, Option } from 'commander';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readDuration } from '#operator/duration.ts';
import { readLimit } from '#operator/read-limit.ts';
import { withTarget } from '#operator/target.ts';
import { listAudit } from './list-audit.ts';

const WHAT = `
Each command that changes something, or shows what customers wrote, leaves an entry before it begins and
one when it has ended: whose credentials, which command, of which tenant, and the names (not the values)
of what was to be changed. An outcome "unknown" is of one that is still at it, or has died.

Entries are kept for 400 days, also of a tenant that was removed.`;

/** `concierge audit`: what operators did. */
export function audit(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('audit').description('what operators did');
  withTarget(group.command('list'))
    .description('list it, newest first')
    .option('--tenant <tenant>', 'only what was about this tenant; default: all, and the platform')
    .option('--contact <id>', "only what was about this contact of the tenant's")
    .addOption(
      new Option('--since <time>', 'how far back, such as 30m, 24h or 90d')
        .argParser(readDuration)
        .default(7 * 86_400_000, '7d'),
    )
    .option('--limit <n>', 'print the newest n only', readLimit)
    .addHelpText('after', WHAT)
    .action((options) => listAudit(options, deps, finish));
  return group;
}
