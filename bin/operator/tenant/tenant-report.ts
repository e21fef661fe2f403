import type { Finding } from '#app/check-business.ts';
import type { BusinessNumber } from '#app/ports/tenant-register.ts';
import type { TenantId } from '#domain/ids.ts';
import type { Application } from '#operator/connect.ts';
import { findingsInWords } from '#operator/findings.ts';
import { callbackUrlOf, type HeldApp, secretOwnerOf } from '#operator/held-app.ts';
import { inWords, type Target } from '#operator/target.ts';

/** A business that has just been added or connected. */
export interface TenantReport {
  readonly target: Target;
  readonly done: 'added' | 'connected';
  readonly id: TenantId;
  readonly numbers: readonly BusinessNumber[];
  /** Undefined where Meta was not asked. */
  readonly findings: readonly Finding[] | undefined;
  /** By which Meta app it is served. */
  readonly app: HeldApp;
  readonly showVerifyToken: boolean;
}

/** More are kept and counted, but these are of use. */
const WEBHOOK_FIELDS = [
  'messages',
  'smb_message_echoes',
  'user_preferences',
  'account_update',
  'phone_number_quality_update',
];

export function reportAsJson(report: TenantReport, application: Application): string {
  const { done, id, numbers, findings, app, showVerifyToken } = report;
  const { vault } = application;
  return `${JSON.stringify({
    [done]: true,
    tenant: id,
    numbers,
    checked: findings !== undefined,
    findings: findings ?? [],
    secret: vault.nameOf({ kind: 'tenant', id }),
    dashboard: {
      callbackUrl: callbackUrlOf(app.own, application),
      verifyToken: showVerifyToken ? (app.values.verifyTokens[0] ?? null) : undefined,
      verifyTokenIn: vault.nameOf(secretOwnerOf(app.own)),
      fields: WEBHOOK_FIELDS,
    },
  })}\n`;
}

export function reportAsText(report: TenantReport, application: Application): string {
  const { target, done, id, numbers, findings } = report;
  const unasked = `Meta was not asked (--no-check): npx concierge doctor ${inWords(target)} does.\n`;
  return [
    findings ? findingsInWords(findings) : unasked,
    `\n${done === 'added' ? 'Added' : 'Connected'} ${id}: ${numbers.map(numberInWords).join('; ')}.\n`,
    `Its secret lies in ${application.vault.nameOf({ kind: 'tenant', id })}.\n`,
    `\n${dashboardInWords(report, application)}`,
  ].join('');
}

/** What goes into the dashboard of the tenant's Meta app. */
export function dashboardInWords(
  report: Pick<TenantReport, 'app' | 'showVerifyToken' | 'target'>,
  application: Application,
): string {
  const { own } = report.app;
  const where =
    own === undefined ? 'Once per Meta app, in its dashboard' : `In the dashboard of ${own}`;
  return [
    `${where} under WhatsApp, Configuration:\n`,
    `  Callback URL    ${callbackUrlOf(own, application)}\n`,
    `  Verify token    ${verifyTokenInWords(report, application)}\n`,
    `  Webhook fields  ${WEBHOOK_FIELDS.join(', ')}\n`,
  ].join('');
}

function numberInWords({ phoneNumberId, accountId }: BusinessNumber): string {
  return `number ${phoneNumberId}${accountId === undefined ? '' : ` of account ${accountId}`}`;
}

function verifyTokenInWords(
  {
    app: { own, values },
    showVerifyToken,
    target,
  }: Pick<TenantReport, 'app' | 'showVerifyToken' | 'target'>,
  { vault }: Application,
): string {
  const [current] = values.verifyTokens;
  if (current === undefined) {
    const whose = own === undefined ? '' : `--app ${own} `;
    return `none yet: npx concierge secret put verify-token --generate ${whose}${inWords(target)}`;
  }
  return showVerifyToken
    ? current
    : `the first of verifyTokens in secret ${vault.nameOf(secretOwnerOf(own))} (--show-verify-token prints it)`;
}
