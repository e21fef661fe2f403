import type { SecretOwner } from '#app/ports/secret-vault.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { removeTenant } from '#app/remove-tenant.ts';
import type { TenantId } from '#domain/ids.ts';
import type { CommandDeps } from './command-line.ts';
import { findTenant, readTenantId } from './find-tenant.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { inWords, readTarget, type TargetOptions } from './target.ts';
import type { Terminal } from './terminal.ts';

interface RemoveOptions extends TargetOptions {
  readonly yes?: boolean;
}

/** `concierge tenant remove`. */
export async function removeTenantCommand(
  name: string,
  options: RemoveOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const id = readTenantId(name);
  if (!options.yes && !terminal.hasPerson) throw unsure(id);
  const application = await connect(target, { tenant: id });
  try {
    const found = await findTenant(id, application.register, target);
    if (!options.yes) await confirm(found, terminal);
    if ((await removeTenant(found, application)) === 'conflict') {
      throw new OperatorError(
        `Somebody else has changed ${id} at the same time: its numbers and its secret are gone, its entry is not. Run the same again.`,
      );
    }
    const numbers = found.numbers.map(({ phoneNumberId }) => phoneNumberId);
    const secrets = secretsOf(found).map((owner) => application.vault.nameOf(owner));
    const [secret] = secrets;
    terminal.out(
      options.json
        ? `${JSON.stringify({ removed: id, numbers, secret, secrets })}\n`
        : `Removed ${id}, which had ${numbers.join(' ') || 'no number'}.
What stays: its conversations, each until its retention is over; ${wordsFor(secrets)}; at Meta, the app's subscription to its account; what operators did to it (npx concierge audit list).
What customers write from now on is parked as unknown-phone-number: see npx concierge dead-letters list ${inWords(target)}
`,
    );
  } finally {
    application.close();
  }
}

/** The tenant's own, then that of its own app. */
function secretsOf({ id, tenant }: RegisteredTenant): readonly SecretOwner[] {
  const app = tenant === 'misconfigured' ? undefined : tenant.app;
  const own = { kind: 'tenant', id } as const;
  return app === undefined ? [own] : [own, { kind: 'app', id: app }];
}

function wordsFor([secret = '', ofApp]: readonly string[]): string {
  const own = `its secret ${secret}, deleted in 30 days, until then to be restored by adding the tenant again`;
  return ofApp === undefined
    ? own
    : `${own}; the secret of its app, ${ofApp}, likewise, to be restored with aws secretsmanager restore-secret`;
}

async function confirm({ id, numbers }: RegisteredTenant, terminal: Terminal): Promise<void> {
  const which = numbers.map(({ phoneNumberId }) => phoneNumberId).join(' ') || 'none';
  const answer = await terminal.ask(
    `Customers of ${id} (numbers: ${which}) get no answer any more. Type ${id} to remove it: `,
  );
  if (answer !== id) throw new OperatorError('Nothing was removed.');
}

function unsure(id: TenantId): UsageError {
  return new UsageError(`Customers of ${id} would get no answer any more. Say --yes to remove it.`);
}
