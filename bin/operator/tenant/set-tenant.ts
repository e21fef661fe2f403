import { hasFailed } from '#app/check-business.ts';
import type { RegisteredTenant, TenantEntry } from '#app/ports/tenant-register.ts';
import { textAt } from '#domain/json.ts';
import { checkWithMeta } from '#operator/check-with-meta.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { findTenant, readable, readTenantId } from '#operator/find-tenant.ts';
import { findingsInWords } from '#operator/findings.ts';
import { appCredentials, readHeldApp } from '#operator/held-app.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';
import { change } from './change-entry.ts';
import { appChangeInWords, refuseUnreadyApp } from './change-own-app.ts';
import { oddLimits } from './odd-limits.ts';
import { oddManners } from './odd-manners.ts';
import { checkInputs, type FieldOptions, readFields, sourceOf } from './tenant-fields.ts';
import { checkTenant, keysOf, tenantDocument } from './tenant-file.ts';
import { overlaid } from './tenant-terms-file.ts';
import { warnOfBudgets } from './warn-of-budgets.ts';

interface SetOptions extends TargetOptions, FieldOptions {
  readonly check: boolean;
  readonly appId?: string;
}

/** `concierge tenant set`. */
export async function setTenant(
  name: string,
  options: SetOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const id = readTenantId(name);
  checkInputs(options);
  const fields = await readFields(options, terminal);
  if (fields['id'] !== undefined && fields['id'] !== id) {
    throw new UsageError(
      `The command says ${id}, the file says ${fields['id']}: an id never changes.`,
    );
  }
  const application = await connect(target, { tenant: id, fields: keysOf(fields) });
  try {
    const seen = await findTenant(id, application.register, target);
    const tenant = readable(seen, target);
    const before = tenantDocument({ tenant, numbers: seen.numbers });
    const wanted = checkTenant(overlaid(before, fields), sourceOf(options));
    const odd = [
      ...oddLimits(wanted.tenant),
      ...oddManners(wanted.tenant, application.clock.now()),
    ];
    for (const each of odd) terminal.err(`concierge: ${each}\n`);
    const { app } = wanted.tenant;
    if (app !== tenant.app && options.check) await refuseUnreadyApp(app, options, application);
    const asked = await askAboutNew(seen, wanted, options, { application, terminal });
    if (!asked) {
      finish(1);
      return;
    }
    const changed = await change(seen, asked, application, target);
    terminal.out(
      options.json
        ? `${JSON.stringify({ tenant: id, changed })}\n`
        : `${id}: ${changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}; noticed within a minute`}.\n`,
    );
    warnOfBudgets(asked.tenant, target, terminal);
    if (app === tenant.app || options.json) return;
    terminal.out(await appChangeInWords({ id, before: tenant.app, app, target }, application));
  } finally {
    application.close();
  }
}

/** Numbers that the tenant did not have are asked about. @returns undefined where Meta objects */
async function askAboutNew(
  seen: RegisteredTenant,
  wanted: TenantEntry,
  options: SetOptions,
  { application, terminal }: { readonly application: Application; readonly terminal: Terminal },
): Promise<TenantEntry | undefined> {
  const known = new Map(seen.numbers.map((each) => [each.phoneNumberId, each.accountId]));
  const added = wanted.numbers.filter(({ phoneNumberId }) => !known.has(phoneNumberId));
  if (!options.check || added.length === 0) return wanted;
  const secret = await application.vault.read({ kind: 'tenant', id: seen.id });
  const fields = secret === 'unreadable' ? undefined : secret?.fields;
  const token = fields && textAt(fields, 'accessToken');
  if (token === undefined) {
    throw new OperatorError(
      `${seen.id} has no access token to ask Meta with: put one, or give --no-check.`,
    );
  }
  const app = appCredentials(await readHeldApp(wanted.tenant.app, application), options.appId);
  const question = { token, numbers: added, app, cures: [], pin: '' };
  const { findings, numbers } = await checkWithMeta(question, application);
  if (hasFailed(findings)) {
    terminal.out(
      options.json ? `${JSON.stringify({ changed: [], findings })}\n` : findingsInWords(findings),
    );
    terminal.err('concierge: Nothing was changed. With --no-check Meta is not asked.\n');
    return undefined;
  }
  const accounts = new Map(numbers.map((each) => [each.phoneNumberId, each.accountId]));
  return {
    ...wanted,
    numbers: wanted.numbers.map((each) => ({
      ...each,
      accountId: each.accountId ?? accounts.get(each.phoneNumberId),
    })),
  };
}
