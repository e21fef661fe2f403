import { Command } from 'commander';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { refuseValues, withTriedValues } from '#operator/no-values-in-argv.ts';
import { withTarget } from '#operator/target.ts';
import { addTenantCommand } from './add-tenant.ts';
import { connectTenant } from './connect-tenant.ts';
import { listTenants } from './list-tenants.ts';
import { removeTenantCommand } from './remove-tenant.ts';
import { setTenant } from './set-tenant.ts';
import { setTenantStatus } from './set-tenant-status.ts';
import { showTenant } from './show-tenant.ts';
import { withFields } from './tenant-fields.ts';
import { tenantJsonSchema } from './tenant-file.ts';

const TOKEN = `
The access token is read from the file, or from standard input, and never given on the command line,
where the process list and the shell's history show it.

  npx concierge tenant add --stage staging --file bakery.yaml --token-file token.txt --subscribe --register

What the file may hold: docs/tenant.md.`;

const SIGN_UP = `
The code lives for 30 seconds and is taken once. What is bound is what Meta confirms: the account must
be among the targets of the token that Meta gives for the code. The numbers are those of --number or
the file, else all of the account.

  npx concierge tenant connect flowers --account <waba_id> --file flowers.yaml --stage staging < code.txt

A tenant that is there keeps everything but its token:

  npx concierge tenant connect flowers --account <waba_id> --stage staging < code.txt`;

/** `concierge tenant`: the businesses that are served. */
export function tenant(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('tenant').description('the businesses that are served');
  withTriedValues(withMeta(withFields(withTarget(group.command('add')))))
    .description('take on a business: asks Meta about its token and numbers, and stores both')
    .argument('[tenant]', 'its id here, such as bakery; may be in the file')
    .allowExcessArguments()
    .option('--token-file <file>', 'holds the access token; - is standard input', '-')
    .option('--subscribe', "have Meta send us the account's webhooks, where it does not yet")
    .option('--register', 'register numbers that are not registered yet')
    .option('--pin-file <file>', 'the PIN of six digits for it; default: a new one')
    .option('--show-verify-token', 'print the verify token that goes into the dashboard')
    .addHelpText('after', TOKEN)
    .action((id, options, { args }) => {
      refuseValues(options, args.slice(1), '--token-file');
      return addTenantCommand(id, options, deps, finish);
    });
  withTriedValues(withFields(withTarget(group.command('connect'))))
    .description('take on a business that went through Embedded Signup, or renew its token')
    .argument('[tenant]', 'its id here, such as bakery; may be in the file')
    .allowExcessArguments()
    .requiredOption('--account <waba>', 'its WhatsApp Business Account: waba_id of the sign-up')
    .option('--code-file <file>', 'holds the code of the sign-up; - is standard input', '-')
    .option('--pin-file <file>', 'the PIN of six digits to register with; default: a new one')
    .option('--coexistence', 'the number stays in the WhatsApp Business app: register nothing')
    .option('--app-id <id>', "the Meta app's id; default: appId in the platform's secret")
    .option('--show-verify-token', 'print the verify token that goes into the dashboard')
    .addHelpText('after', SIGN_UP)
    .action((id, options, { args }) => {
      refuseValues(options, args.slice(1), '--code-file');
      return connectTenant(id, options, deps, finish);
    });
  withTarget(group.command('list'))
    .description('list them')
    .action((options) => listTenants(options, deps, finish));
  withTarget(group.command('show'))
    .description('show all that is known of one')
    .argument('<tenant>', 'its id')
    .option('--yaml', 'as a file for add and set')
    .action((id, options) => showTenant(id, options, deps, finish));
  withMeta(withFields(withTarget(group.command('set'))))
    .description('change one: what is given changes, the rest stays; noticed within a minute')
    .argument('<tenant>', 'its id')
    .addHelpText('after', '\nA key that the file gives as null goes back to its default.')
    .action((id, options) => setTenant(id, options, deps, finish));
  for (const status of ['suspended', 'active'] as const) {
    const isSuspension = status === 'suspended';
    withTarget(group.command(isSuspension ? 'suspend' : 'resume'))
      .description(
        isSuspension
          ? 'answer no more of its messages: they are parked until it is resumed'
          : 'answer its messages again',
      )
      .argument('<tenant>', 'its id')
      .action((id, options) => setTenantStatus(id, status, options, deps));
  }
  withTarget(group.command('remove'))
    .description('serve it no more: its numbers, its secret and its entry go')
    .argument('<tenant>', 'its id')
    .option('--yes', 'without asking')
    .action((id, options) => removeTenantCommand(id, options, deps));
  group
    .command('schema')
    .description('print the JSON Schema of a tenant file')
    .action(() => {
      deps.terminal.out(`${JSON.stringify(tenantJsonSchema(), null, 2)}\n`);
    });
  return group;
}

function withMeta(command: Command): Command {
  return command
    .option('--no-check', 'do not ask Meta whether the token covers the numbers')
    .option('--app-id <id>', "the Meta app's id; default: appId in the platform's secret");
}
