import { addTenant } from '#app/add-tenant.ts';
import { type Finding, hasFailed } from '#app/check-business.ts';
import { withValue } from '#domain/secret/rotation.ts';
import { checkWithMeta } from '#operator/check-with-meta.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { findingsInWords } from '#operator/findings.ts';
import { appCredentials, readHeldApp } from '#operator/held-app.ts';
import { type CureOptions, readCures } from '#operator/read-cures.ts';
import { readValue } from '#operator/read-input.ts';
import { readPin } from '#operator/read-pin.ts';
import { inWords, readTarget, type TargetOptions } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';
import { oddLimits } from './odd-limits.ts';
import { oddManners } from './odd-manners.ts';
import { existing, refuseExisting, taken } from './tenant-conflicts.ts';
import { checkInputs, type FieldOptions, readFieldsOf, sourceOf } from './tenant-fields.ts';
import { checkNewTenant, keysOf } from './tenant-file.ts';
import { reportAsJson, reportAsText } from './tenant-report.ts';
import { warnOfBudgets } from './warn-of-budgets.ts';

interface AddOptions extends TargetOptions, FieldOptions, CureOptions {
  readonly tokenFile: string;
  readonly pinFile?: string;
  readonly appId?: string;
  readonly showVerifyToken?: boolean;
}

/** `concierge tenant add`. */
export async function addTenantCommand(
  name: string | undefined,
  options: AddOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  checkInputs({ ...options, '--token-file': options.tokenFile });
  const cures = readCures(options);
  const fields = await readFieldsOf(name, options, terminal);
  const wanted = checkNewTenant(fields, sourceOf(options));
  const token = await readValue('access token', options.tokenFile, terminal);
  const pin = await readPin(options.pinFile, terminal);
  const about = { tenant: wanted.tenant.id, fields: keysOf(fields) };
  const application = await connect(target, about);
  try {
    await refuseExisting(wanted, application, target);
    const held = await readHeldApp(wanted.tenant.app, application);
    const odd = [
      ...oddLimits(wanted.tenant),
      ...oddManners(wanted.tenant, application.clock.now()),
    ];
    for (const each of odd) terminal.err(`concierge: ${each}\n`);
    const app = options.check ? appCredentials(held, options.appId) : undefined;
    const question = { token, numbers: wanted.numbers, cures, pin };
    const asked = app && (await checkWithMeta({ ...question, app }, application));
    const isIll = asked !== undefined && hasFailed(asked.findings);
    // With a registration Meta has taken the PIN, which must not be lost.
    if (isIll && !asked.hasRegistered) {
      refuse(asked.findings, options, terminal);
      finish(1);
      return;
    }
    const entry = { ...wanted, numbers: asked?.numbers ?? wanted.numbers };
    const beside = asked?.hasRegistered ? { pin } : {};
    const secret = withValue(beside, 'accessToken', token, application.clock.now());
    const added = await addTenant(entry, secret, application);
    const { id } = entry.tenant;
    if (added.kind === 'exists') throw existing(id, target);
    if (added.kind !== 'added') throw taken(added, target);
    const report = {
      target,
      done: 'added',
      id,
      numbers: entry.numbers,
      findings: asked?.findings,
      app: held,
      showVerifyToken: options.showVerifyToken === true,
    } as const;
    terminal.out(
      options.json ? reportAsJson(report, application) : reportAsText(report, application),
    );
    warnOfBudgets(entry.tenant, target, terminal);
    if (!isIll) return;
    terminal.err(
      `concierge: It was added, since its number is registered by now and its PIN must not be lost, but will not work before what failed is removed. Then put its token again, which also subscribes our app: npx concierge secret put access-token --tenant ${id} --subscribe ${inWords(target)}\n`,
    );
    finish(1);
  } finally {
    application.close();
  }
}

function refuse(findings: readonly Finding[], { json }: AddOptions, terminal: Terminal): void {
  terminal.out(
    json ? `${JSON.stringify({ added: false, findings })}\n` : findingsInWords(findings),
  );
  terminal.err(
    'concierge: Nothing was stored, since Meta says that it would not work. Remove what failed, or add it all the same with --no-check.\n',
  );
}
