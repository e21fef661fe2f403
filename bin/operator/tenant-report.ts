import type { Finding } from '#app/check-business.ts';
import type { BusinessNumber } from '#app/ports/tenant-register.ts';
import type { TenantId } from '#domain/ids.ts';
import type { PlatformSecret } from '#domain/secret/platform-secret.ts';
import type { Application } from './connect.ts';
import { findingsInWords } from './findings.ts';
import { inWords, type Target } from './target.ts';

/** A business that has just been added or connected. */
export interface TenantReport {
  readonly target: Target;
  readonly done: 'added' | 'connected';
  readonly id: TenantId;
  readonly numbers: readonly BusinessNumber[];
  /** Undefined where Meta was not asked. */
  readonly findings: readonly Finding[] | undefined;
  readonly platform: PlatformSecret;
  readonly showVerifyToken: boolean;
}

/** More are kept and counted, but these are of use. */
const WEBHOOK_FIELDS = ['messages', 'account_update', 'phone_number_quality_update'];

export function reportAsJson(report: TenantReport, { vault, webhookUrl }: Application): string {
  const { done, id, numbers, findings, platform, showVerifyToken } = report;
  return `${JSON.stringify({
    [done]: true,
    tenant: id,
    numbers,
    checked: findings !== undefined,
    findings: findings ?? [],
    secret: vault.nameOf({ kind: 'tenant', id }),
    dashboard: {
      callbackUrl: webhookUrl,
      verifyToken: showVerifyToken ? (platform.verifyTokens[0] ?? null) : undefined,
      verifyTokenIn: vault.nameOf({ kind: 'platform' }),
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
    '\nOnce per Meta app, in its dashboard under WhatsApp, Configuration:\n',
    `  Callback URL    ${application.webhookUrl}\n`,
    `  Verify token    ${verifyTokenInWords(report, application)}\n`,
    `  Webhook fields  ${WEBHOOK_FIELDS.join(', ')}\n`,
  ].join('');
}

function numberInWords({ phoneNumberId, accountId }: BusinessNumber): string {
  return `number ${phoneNumberId}${accountId === undefined ? '' : ` of account ${accountId}`}`;
}

function verifyTokenInWords(
  { platform, showVerifyToken, target }: TenantReport,
  { vault }: Application,
): string {
  const [current] = platform.verifyTokens;
  if (current === undefined) {
    return `none yet: npx concierge secret put verify-token --generate ${inWords(target)}`;
  }
  return showVerifyToken
    ? current
    : `the first of verifyTokens in secret ${vault.nameOf({ kind: 'platform' })} (--show-verify-token prints it)`;
}
