import { randomInt } from 'node:crypto';
import { addTenant, type NumberTaken } from '#app/add-tenant.ts';
import { type Cure, type Finding, hasFailed } from '#app/check-business.ts';
import type { BusinessNumber, TenantEntry } from '#app/ports/tenant-register.ts';
import type { PlatformSecret } from '#domain/secret/platform-secret.ts';
import { appCredentials, checkWithMeta, readPlatform } from './check-with-meta.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { findingsInWords } from './findings.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { nameOf, readValue } from './read-input.ts';
import { inWords, readTarget, type Target, type TargetOptions } from './target.ts';
import { checkInputs, type FieldOptions, readFields } from './tenant-fields.ts';
import { checkTenant } from './tenant-file.ts';
import type { Terminal } from './terminal.ts';

interface AddOptions extends TargetOptions, FieldOptions {
  readonly tokenFile: string;
  readonly pinFile?: string;
  readonly subscribe?: boolean;
  readonly register?: boolean;
  readonly check: boolean;
  readonly appId?: string;
  readonly showVerifyToken?: boolean;
}

interface Report {
  readonly target: Target;
  readonly entry: TenantEntry;
  readonly findings: readonly Finding[] | undefined;
  readonly platform: PlatformSecret;
  readonly options: AddOptions;
}

/** `concierge tenant add`. */
export async function addTenantCommand(
  id: string | undefined,
  options: AddOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  checkInputs({ '--file': options.file, '--token-file': options.tokenFile });
  const wanted = await readEntry(id, options, terminal);
  const token = await readValue('access token', options.tokenFile, terminal);
  const pin = await readPin(options, terminal);
  const application = await connect(target);
  try {
    await refuseExisting(wanted, application, target);
    const platform = await readPlatform(application);
    const cures = curesOf(options);
    const asked = options.check
      ? await checkWithMeta(
          {
            token,
            numbers: wanted.numbers,
            app: appCredentials(platform, options.appId),
            cures,
            pin,
          },
          application,
        )
      : undefined;
    if (asked && hasFailed(asked.findings)) {
      refused(asked.findings, options, terminal);
      finish(1);
      return;
    }
    const entry = { ...wanted, numbers: asked?.numbers ?? wanted.numbers };
    const isPinKnown = asked?.hasRegistered === true;
    const secret = { accessToken: token, ...(isPinKnown && { pin }) };
    const added = await addTenant(entry, secret, application);
    if (added.kind === 'exists') throw existing(entry, target);
    if (added.kind === 'number-taken') throw numberTaken(added, target);
    const report = { target, entry, findings: asked?.findings, platform, options };
    terminal.out(options.json ? asJson(report, application) : asText(report, application));
  } finally {
    application.close();
  }
}

/** @throws OperatorError saying whose the number is */
export function numberTaken({ phoneNumberId, by }: NumberTaken, target: Target): OperatorError {
  const owner = by === undefined || by === 'misconfigured' ? 'another tenant' : `tenant ${by}`;
  const show =
    by === undefined || by === 'misconfigured'
      ? ''
      : `: see npx concierge tenant show ${by} ${inWords(target)}`;
  return new OperatorError(
    `Number ${phoneNumberId} is taken by ${owner}; nothing was changed${show}`,
  );
}

async function readEntry(
  id: string | undefined,
  options: AddOptions,
  terminal: Terminal,
): Promise<TenantEntry> {
  const fields = await readFields(options, terminal);
  const inFile = fields['id'];
  if (id !== undefined && inFile !== undefined && inFile !== id) {
    throw new UsageError(`The command says ${id}, the file says ${inFile}: which tenant is meant?`);
  }
  const source = options.file === undefined ? 'The command' : nameOf(options.file);
  return checkTenant({ ...fields, ...(id !== undefined && { id }) }, source);
}

async function readPin({ pinFile }: AddOptions, terminal: Terminal): Promise<string> {
  if (pinFile === undefined) return String(randomInt(1_000_000)).padStart(6, '0');
  const pin = await readValue('PIN', pinFile, terminal);
  if (/^\d{6}$/.test(pin)) return pin;
  throw new UsageError(`${nameOf(pinFile)} holds no PIN: it must be six digits.`);
}

function curesOf({ subscribe, register }: AddOptions): readonly Cure[] {
  return [
    ...(register ? (['register'] as const) : []),
    ...(subscribe ? (['subscribe'] as const) : []),
  ];
}

/** Before Meta is asked, and changed, for nothing. */
async function refuseExisting(
  entry: TenantEntry,
  { register }: Application,
  target: Target,
): Promise<void> {
  if (await register.find(entry.tenant.id)) throw existing(entry, target);
  for (const { phoneNumberId } of entry.numbers) {
    const by = await register.ownerOf(phoneNumberId);
    if (by === undefined || by === entry.tenant.id) continue;
    throw numberTaken({ kind: 'number-taken', phoneNumberId, by }, target);
  }
}

function existing({ tenant }: TenantEntry, target: Target): OperatorError {
  return new OperatorError(
    `There is a tenant ${tenant.id} already; nothing was changed. Change it with npx concierge tenant set ${tenant.id} ${inWords(target)}`,
  );
}

function refused(findings: readonly Finding[], { json }: AddOptions, terminal: Terminal): void {
  if (json) terminal.out(`${JSON.stringify({ added: false, findings })}\n`);
  else terminal.out(findingsInWords(findings));
  terminal.err(
    'concierge: Nothing was stored, since Meta says that it would not work. Remove what failed, or add it all the same with --no-check.\n',
  );
}

function asJson({ entry, findings, platform, options }: Report, application: Application): string {
  const [verifyToken] = platform.verifyTokens;
  return `${JSON.stringify({
    added: true,
    tenant: entry.tenant.id,
    numbers: entry.numbers,
    checked: findings !== undefined,
    findings: findings ?? [],
    secret: application.vault.nameOf({ kind: 'tenant', id: entry.tenant.id }),
    dashboard: {
      callbackUrl: application.webhookUrl,
      verifyToken: options.showVerifyToken ? (verifyToken ?? null) : undefined,
      verifyTokenIn: application.vault.nameOf({ kind: 'platform' }),
      fields: WEBHOOK_FIELDS,
    },
  })}\n`;
}

/** More are kept and counted, but these are of use. */
const WEBHOOK_FIELDS = ['messages', 'account_update', 'phone_number_quality_update'];

function asText(
  { target, entry, findings, platform, options }: Report,
  application: Application,
): string {
  const { id } = entry.tenant;
  const unasked = `Meta was not asked (--no-check): npx concierge doctor ${inWords(target)} does.\n`;
  return [
    findings ? findingsInWords(findings) : unasked,
    `\nAdded ${id}: ${entry.numbers.map(numberInWords).join('; ')}.\n`,
    `Its secret lies in ${application.vault.nameOf({ kind: 'tenant', id })}.\n`,
    '\nOnce per Meta app, in its dashboard under WhatsApp, Configuration:\n',
    `  Callback URL    ${application.webhookUrl}\n`,
    `  Verify token    ${verifyTokenInWords(platform, options, application)}\n`,
    `  Webhook fields  ${WEBHOOK_FIELDS.join(', ')}\n`,
  ].join('');
}

function numberInWords({ phoneNumberId, accountId }: BusinessNumber): string {
  return `number ${phoneNumberId}${accountId === undefined ? '' : ` of account ${accountId}`}`;
}

function verifyTokenInWords(
  { verifyTokens }: PlatformSecret,
  { showVerifyToken }: AddOptions,
  { vault }: Application,
): string {
  const [current] = verifyTokens;
  const place = `secret ${vault.nameOf({ kind: 'platform' })}`;
  if (current === undefined) return `none yet: put one into verifyTokens of ${place}`;
  return showVerifyToken
    ? current
    : `the first of verifyTokens in ${place} (--show-verify-token prints it)`;
}
