import { Command, InvalidArgumentError } from 'commander';
import { startOfMonth } from '#domain/money/period.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { withTarget } from '#operator/target.ts';
import { showSpend } from './show-spend.ts';

const WHAT = `
Spent is what the model has cost by its tokens, and what Meta has billed for each bubble; reserved is held
for turns under way, or was when their process died. Days and months are of UTC, amounts in US dollars by
the price lists of this release: the invoices of OpenAI and Meta say what is owed. Where the stage has no
budget, the sum of all tenants lacks those that were removed; --tenant shows one of them.`;

/** `concierge spend`: what the model and Meta cost. */
export function spend(deps: CommandDeps): Command {
  const group = new Command('spend').description('what the model and Meta cost, and may cost');
  withTarget(group.command('show'))
    .description('show what was spent of which budget, by tenant and altogether')
    .option('--tenant <tenant>', 'this tenant only, and each of its days')
    .option('--month <month>', 'a month such as 2026-11; default: the current one', readMonth)
    .addHelpText('after', WHAT)
    .action((options) => showSpend(options, deps));
  return group;
}

function readMonth(text: string): string {
  if (startOfMonth(text) !== undefined) return text;
  throw new InvalidArgumentError('It must be a month such as 2026-11.');
}
