import { Argument, Command, Option } from 'commander';
import { TENANT_VAULTS } from '#domain/secret/tenant-vault.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readDuration } from '#operator/duration.ts';
import { refuseValues, withTriedValues } from '#operator/no-values-in-argv.ts';
import { withTarget } from '#operator/target.ts';
import { migrateSecretsCommand } from './migrate-secrets.ts';
import { putSecret } from './put-secret.ts';
import { rotateSecret } from './rotate-secret.ts';
import { ROTATED_NAMES, SECRET_NAMES } from './secret-names.ts';
import { showSecretAges } from './show-secret-ages.ts';

const VALUES = `
The value is read from standard input or from a file, never from the command line, where the process
list and the shell's history show it. It is in no output and no error, but for a verify token with
--show-verify-token and a notices secret with --show-notices-secret.

  npx concierge secret put openai-key --stage staging < key.txt
  npx concierge secret put access-token --tenant bakery --stage staging --value-file token.txt

An app secret or a verify token that was put wrongly is put again with --replace; one that is due for
a new one is rotated, so that no webhook is refused meanwhile. Once an app's id and its secret are both
there, Meta is asked whether they belong together.

An app that a tenant brought has values of its own:

  npx concierge secret put app-secret --app bakery-app --stage staging < secret.txt`;

const ROTATION = `
The app secret:    in Meta's dashboard reset it (App settings, Basic), then at once
                   npx concierge secret rotate app-secret --stage staging < new.txt
The verify token:  npx concierge secret rotate verify-token --generate --show-verify-token --stage staging
                   then save the new one in the dashboard (WhatsApp, Configuration)
Both:              both values are accepted until the overlap is over; then the former one is
                   refused, and
                   npx concierge secret rotate app-secret --finish --stage staging
                   takes it out of the secret (with --force before that, where it was stolen)
The notices secret: npx concierge secret rotate notices-secret --tenant bakery --generate
                   --show-notices-secret --stage staging; notices are signed with both meanwhile

Functions keep values for up to five minutes and look again when a signature does not match, at most
every 30 seconds. Meta sends again what was refused meanwhile.`;

const MIGRATION = `
Tenants' secrets lie in Secrets Manager, one each, or encrypted in the tenants table; the stage's
configuration says which (secrets.tenantVault in bin/deployments.ts). From one to the other, without a
message that has to wait:

  1. npx concierge secret migrate --to tenants-table --stage staging
     Copies all and reads them back. From now on every secret is written into both.
  2. Set secrets.tenantVault of the stage, and npm run deploy -- staging
  3. npx concierge secret migrate --finish --stage staging
     Removes the copies that are read no more, not before the stage is deployed.

Each can be repeated. Before 2, --abandon removes the new copies and leaves all as it was. Neither that nor
3 is done while a deployment runs.`;

/** `concierge secret`: what only the functions may know. */
export function secret(deps: CommandDeps, finish: Finish): Command {
  const group = new Command('secret').description('tokens, keys and app secrets');
  withTriedValues(withTarget(group.command('put')))
    .description('store a value; app secret and verify token once, then rotate or --replace them')
    .addArgument(new Argument('<what>', 'which value').choices(SECRET_NAMES))
    .allowExcessArguments()
    .option('--tenant <tenant>', 'whose access token or notices secret it is')
    .addOption(ownApp())
    .addOption(valueFile())
    .addOption(generate())
    .addOption(showVerifyToken())
    .addOption(showNoticesSecret())
    .option('--replace', 'also where there is one: the former one is refused at once')
    .option('--subscribe', "with an access token: have Meta send us the account's webhooks")
    .option('--register', 'with an access token: register numbers that are not registered')
    .option('--pin-file <file>', 'the PIN of six digits for it; default: the one that is kept')
    .addOption(noCheck())
    .addOption(metaAppId())
    .addHelpText('after', VALUES)
    .action((what, options, { args }) => {
      refuseValues(options, args.slice(1), '--value-file');
      return putSecret(what, options, deps, finish);
    });
  withTriedValues(withTarget(group.command('rotate')))
    .description('put a new value and accept the former one too, until that is finished')
    .addArgument(new Argument('<what>', 'which value').choices(ROTATED_NAMES))
    .allowExcessArguments()
    .option('--tenant <tenant>', 'whose notices secret it is')
    .addOption(ownApp())
    .addOption(valueFile())
    .addOption(generate())
    .addOption(showVerifyToken())
    .addOption(showNoticesSecret())
    .addOption(
      new Option('--overlap <time>', 'how long both are accepted, such as 30m, 24h or 7d')
        .argParser(readDuration)
        .default(15 * 60_000, '15m'),
    )
    .option('--finish', 'accept the new one only')
    .option('--force', 'finish before the overlap is over')
    .addOption(noCheck())
    .addOption(metaAppId())
    .addHelpText('after', ROTATION)
    .action((what, options, { args }) => {
      refuseValues(options, args.slice(1), '--value-file');
      return rotateSecret(what, options, deps);
    });
  withTarget(group.command('show-age'))
    .description('how old each value is, and which former ones are still accepted')
    .option('--tenant <tenant>', "this tenant's as well, and its own app's")
    .option('--tenants', "all tenants' as well, and their own apps'")
    .addOption(ownApp())
    .action((options) => showSecretAges(options, deps));
  withTarget(group.command('migrate'))
    .description("move tenants' secrets to another vault, while messages are answered")
    .addOption(new Option('--to <vault>', 'copy them there').choices(TENANT_VAULTS))
    .option('--finish', 'leave them in the vault only that the functions read now')
    .option('--abandon', 'the same before the stage reads the new one')
    .option('--yes', 'with --abandon: without asking')
    .addHelpText('after', MIGRATION)
    .action((options) => migrateSecretsCommand(options, deps, finish));
  return group;
}

function ownApp(): Option {
  return new Option('--app <app>', 'the values of this app, which a tenant brought');
}

function noCheck(): Option {
  return new Option(
    '--no-check',
    'do not ask Meta whether a token covers the numbers, or an app secret is of the app',
  );
}

function metaAppId(): Option {
  return new Option('--app-id <id>', "the Meta app's id; default: app-id as it was put");
}

function valueFile(): Option {
  return new Option('--value-file <file>', 'holds the value').default('-', 'standard input');
}

function showVerifyToken(): Option {
  return new Option('--show-verify-token', 'print the verify token, which goes into the dashboard');
}

function showNoticesSecret(): Option {
  return new Option(
    '--show-notices-secret',
    "print the notices secret, which the business's server needs",
  );
}

function generate(): Option {
  return new Option(
    '--generate',
    'a random value, for the verify token or notices secret, which are ours to choose',
  );
}
