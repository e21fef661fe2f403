import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { removeTenant } from '#app/remove-tenant.ts';
import type { TenantId } from '#domain/ids.ts';
import type { TenantVault } from '#domain/secret/tenant-vault.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { inWords, readTarget, type TargetOptions } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';

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
    const removed = await removeTenant(found, application);
    const entry = removed.kind === 'removed' ? ['entry'] : [];
    application.note({ changed: ['numbers', 'secrets', ...entry] });
    if (removed.kind === 'conflict') {
      throw new OperatorError(
        `Somebody else has changed ${id} at the same time: its numbers and its secrets are gone, its entry is not. Run the same again.`,
      );
    }
    const numbers = found.numbers.map(({ phoneNumberId }) => phoneNumberId);
    const secrets = removed.secrets.map((owner) => application.vault.nameOf(owner));
    const [secret] = secrets;
    terminal.out(
      options.json
        ? `${JSON.stringify({ removed: id, numbers, secret, secrets })}\n`
        : `Removed ${id}, which had ${numbers.join(' ') || 'no number'}.
What stays: its conversations, each until its retention is over; ${wordsFor(secrets, application)}; at Meta, the app's subscription to its account; what operators did to it (npx concierge audit list).
What customers write from now on is parked as unknown-phone-number: see npx concierge dead-letters list ${inWords(target)}
`,
    );
  } finally {
    application.close();
  }
}

/** By where they lie; those of apps are in Secrets Manager always. */
const RESTORED: Readonly<Record<TenantVault, string>> = {
  'secrets-manager': 'to be restored with aws secretsmanager restore-secret',
  'tenants-table': 'to be had back by taking removedAt and expiresAt off its item',
};

/** @param names the tenant's own, then that of its own app */
function wordsFor([own = '', ofApp]: readonly string[], { tenantVaults }: Application): string {
  const words = `its secret ${own}, deleted in 30 days, until then ${RESTORED[tenantVaults.active]}`;
  if (ofApp === undefined) return words;
  return `${words}; the secret of its app, ${ofApp}, likewise, ${RESTORED['secrets-manager']}`;
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
