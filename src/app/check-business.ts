import type { PhoneNumberId } from '#domain/ids.ts';
import type {
  AppCredentials,
  MetaAccounts,
  MetaAnswer,
  NumberFacts,
  TokenFacts,
} from './ports/meta-accounts.ts';

/** One thing that was looked at, and what to do where it is not well. */
export interface Finding {
  readonly verdict: 'ok' | 'warning' | 'failed';
  readonly check: string;
  readonly message: string;
  readonly advice?: string;
}

/** Whether the app's id and its secret belong together, as Meta sees it. */
export async function checkApp(app: AppCredentials, meta: MetaAccounts): Promise<Finding> {
  const told = await meta.describeApp(app);
  if (told.kind !== 'answered') return appRefused(told);
  const message = `Meta takes the app's id together with its secret (${told.value})`;
  return { verdict: 'ok', check: 'app', message };
}

/** What `subscription` and `number` can be cured of by the operator's command itself. */
export type Cure = 'subscribe' | 'register';

export interface BusinessCheck {
  readonly findings: readonly Finding[];
  /** The account of the number, where Meta confirms that it is. */
  readonly accountId: string | undefined;
  /** What would help, and can be done with this token. */
  readonly cures: readonly Cure[];
}

export interface BusinessQuestion {
  readonly token: string;
  readonly app: AppCredentials;
  readonly phoneNumberId: PhoneNumberId;
  /** Undefined: whichever of the token's accounts has the number. */
  readonly accountId: string | undefined;
  readonly nowMs: number;
}

const MESSAGING_SCOPE = 'whatsapp_business_messaging';
const MANAGEMENT_SCOPE = 'whatsapp_business_management';
/** What `debug_token` says of a token that another app gave out: it does not match the asking app. */
const TOKEN_OF_ANOTHER_APP = 100;
const DAY_MS = 86_400_000;
/** Long enough for a person to get a new token. */
const EXPIRES_SOON_MS = 14 * DAY_MS;

/** Asks Meta whether a token covers a number, and whether the number can talk to us. */
export async function checkBusiness(
  question: BusinessQuestion,
  meta: MetaAccounts,
): Promise<BusinessCheck> {
  const { token, app, phoneNumberId, nowMs } = question;
  const told = await meta.describeToken(token, app);
  if (told.kind === 'refused' && told.code === TOKEN_OF_ANOTHER_APP) {
    return onlyFinding(ofAnotherApp(undefined, app));
  }
  if (told.kind !== 'answered') return onlyFinding(appRefused(told));
  const facts = told.value;
  if (!facts.isValid) return onlyFinding(tokenInvalid(facts, nowMs));
  const findings = [...judgeToken(facts, app, nowMs)];
  const accounts = question.accountId === undefined ? accountsOf(facts) : [question.accountId];
  const account = await findAccount(accounts, question, meta);
  findings.push(account.finding);
  const number = judgeNumber(await meta.describeNumber(phoneNumberId, token), phoneNumberId);
  findings.push(...number);
  const cures: Cure[] = [];
  if (number.some(({ check, verdict }) => check === 'number' && verdict === 'failed')) {
    cures.push('register');
  }
  if (account.id !== undefined) {
    const subscription = judgeSubscription(await meta.listSubscribedApps(account.id, token), app);
    findings.push(subscription);
    if (subscription.verdict === 'failed') cures.push('subscribe');
  }
  return { findings, accountId: account.id, cures };
}

export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'failed');
}

/** Ids that every permission which we need is held to, as far as it is. */
function accountsOf({ targets }: TokenFacts): readonly string[] {
  return targets.get(MESSAGING_SCOPE) ?? targets.get(MANAGEMENT_SCOPE) ?? [];
}

/**
 * Whether a token that a business has handed over may be bound to its account: only what Meta names
 * among the token's targets is confirmed. @returns what stands against it
 */
export function judgeConnection(
  told: MetaAnswer<TokenFacts>,
  app: AppCredentials,
  accountId: string,
): Finding | undefined {
  if (told.kind !== 'answered') return appRefused(told);
  const { isValid, appId, targets } = told.value;
  if (!isValid || appId !== app.id) {
    return {
      verdict: 'failed',
      check: 'token',
      message: 'Meta gave a token that is no valid one of our app',
    };
  }
  const lacking = [MESSAGING_SCOPE, MANAGEMENT_SCOPE].filter(
    (scope) => targets.get(scope)?.includes(accountId) !== true,
  );
  if (lacking.length === 0) return undefined;
  return {
    verdict: 'failed',
    check: 'account',
    message: `Meta does not confirm that the business gave us account ${accountId} (${lacking.join(', ')})`,
  };
}

function onlyFinding(finding: Finding): BusinessCheck {
  return { findings: [finding], accountId: undefined, cures: [] };
}

function appRefused(answer: Exclude<MetaAnswer<unknown>, { kind: 'answered' }>): Finding {
  if (answer.kind === 'unreachable') return unreachable('token', answer.code);
  return {
    verdict: 'failed',
    check: 'app',
    message: `Meta does not take the app's id together with its secret (error ${answer.code})`,
    advice: 'compare both with the app dashboard: App settings, Basic',
  };
}

function unreachable(check: string, code: string): Finding {
  return {
    verdict: 'failed',
    check,
    message: `Meta gave no answer (${code})`,
    advice: 'try again; https://metastatus.com tells of disturbances',
  };
}

function tokenInvalid({ expiresAtMs }: TokenFacts, nowMs: number): Finding {
  const isOver = expiresAtMs !== undefined && expiresAtMs <= nowMs;
  return {
    verdict: 'failed',
    check: 'token',
    message: isOver
      ? `The token has expired on ${day(expiresAtMs)}`
      : 'Meta does not know the token, or it was revoked',
    advice: 'generate a new one: Business settings, System users',
  };
}

function judgeToken(
  { appId, scopes, expiresAtMs }: TokenFacts,
  app: AppCredentials,
  nowMs: number,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (appId !== app.id) {
    findings.push(ofAnotherApp(appId, app));
  }
  const missing = [MESSAGING_SCOPE, MANAGEMENT_SCOPE].filter((scope) => !scopes.includes(scope));
  findings.push(
    missing.length === 0
      ? { verdict: 'ok', check: 'permissions', message: 'The token has both permissions' }
      : {
          verdict: 'failed',
          check: 'permissions',
          message: `The token lacks ${missing.join(' and ')}`,
          advice: 'generate one with both permissions: Business settings, System users',
        },
  );
  findings.push(judgeExpiry(expiresAtMs, nowMs));
  return findings;
}

function ofAnotherApp(appId: string | undefined, app: AppCredentials): Finding {
  return {
    verdict: 'failed',
    check: 'token',
    message: `The token is of another app${appId === undefined ? '' : ` (${appId})`} than ours (${app.id})`,
    advice: 'generate one for our app: its webhooks are the ones that reach us',
  };
}

function judgeExpiry(expiresAtMs: number | undefined, nowMs: number): Finding {
  if (expiresAtMs === undefined) {
    return { verdict: 'ok', check: 'expiry', message: 'The token never expires' };
  }
  const days = Math.floor((expiresAtMs - nowMs) / DAY_MS);
  const message = `The token expires on ${day(expiresAtMs)}, in ${days} ${days === 1 ? 'day' : 'days'}`;
  if (expiresAtMs - nowMs > EXPIRES_SOON_MS) return { verdict: 'ok', check: 'expiry', message };
  return {
    verdict: 'warning',
    check: 'expiry',
    message,
    advice: 'replace it before then: npx concierge secret put access-token',
  };
}

async function findAccount(
  accountIds: readonly string[],
  { token, phoneNumberId, accountId: wanted }: BusinessQuestion,
  meta: MetaAccounts,
): Promise<{ readonly id: string | undefined; readonly finding: Finding }> {
  let trouble: Finding | undefined;
  for (const id of accountIds) {
    const numbers = await meta.listNumbers(id, token);
    if (numbers.kind === 'unreachable') trouble = unreachable('account', numbers.code);
    if (numbers.kind === 'refused') trouble ??= accountRefused(id, numbers.code);
    if (numbers.kind !== 'answered') continue;
    if (numbers.value.some((each) => each.phoneNumberId === phoneNumberId)) {
      const message = `Number ${phoneNumberId} is of account ${id}`;
      return { id, finding: { verdict: 'ok', check: 'account', message } };
    }
  }
  return { id: undefined, finding: trouble ?? accountUnknown(phoneNumberId, wanted) };
}

function accountRefused(accountId: string, code: number): Finding {
  return {
    verdict: 'failed',
    check: 'account',
    message: `The token may not see account ${accountId} (error ${code})`,
    advice: 'assign the WhatsApp account to the system user, or correct accountId',
  };
}

function accountUnknown(phoneNumberId: string, accountId: string | undefined): Finding {
  return {
    verdict: 'failed',
    check: 'account',
    message:
      accountId === undefined
        ? `No account that Meta names for the token has the number ${phoneNumberId}`
        : `Account ${accountId} has no number ${phoneNumberId}`,
    advice:
      accountId === undefined
        ? 'correct the phone number id, or say which account it is of (accountId)'
        : 'correct phoneNumberId or accountId: both are under API setup in the dashboard',
  };
}

function judgeNumber(
  answer: MetaAnswer<NumberFacts>,
  phoneNumberId: PhoneNumberId,
): readonly Finding[] {
  if (answer.kind === 'unreachable') return [unreachable('reach', answer.code)];
  if (answer.kind === 'refused') {
    return [
      {
        verdict: 'failed',
        check: 'reach',
        message: `The token may not see number ${phoneNumberId} (error ${answer.code})`,
        advice: 'correct the phone number id, or assign its account to the system user',
      },
    ];
  }
  const { status, quality, canSend, displayPhoneNumber, verifiedName } = answer.value;
  const name = [displayPhoneNumber, verifiedName].filter(Boolean).join(', ');
  const findings: Finding[] = [
    status === 'CONNECTED'
      ? { verdict: 'ok', check: 'number', message: `The number is connected (${name})` }
      : {
          verdict: 'failed',
          check: 'number',
          message: `The number is not registered (${name}; status ${status ?? 'unknown'})`,
          advice: 'register it: --register does, with tenant add or secret put access-token',
        },
  ];
  if (canSend !== undefined && canSend !== 'AVAILABLE') {
    findings.push({
      verdict: canSend === 'BLOCKED' ? 'failed' : 'warning',
      check: 'health',
      message: `Meta calls the number's health ${canSend}`,
      advice:
        'look into WhatsApp Manager: a payment method, a verification or a registration is missing',
    });
  }
  if (quality !== undefined && quality !== 'GREEN' && quality !== 'UNKNOWN') {
    findings.push({
      verdict: 'warning',
      check: 'quality',
      message: `The number's quality is ${quality}`,
      advice: 'customers block or report it: see WhatsApp Manager, Insights',
    });
  }
  return findings;
}

function judgeSubscription(answer: MetaAnswer<readonly string[]>, { id }: AppCredentials): Finding {
  if (answer.kind === 'unreachable') return unreachable('webhooks', answer.code);
  if (answer.kind === 'answered' && answer.value.includes(id)) {
    return {
      verdict: 'ok',
      check: 'subscription',
      message: 'Our app gets the webhooks of the account',
    };
  }
  return {
    verdict: 'failed',
    check: 'subscription',
    message:
      answer.kind === 'refused'
        ? `The token may not see which apps get the webhooks of the account (error ${answer.code})`
        : 'Our app does not get the webhooks of the account',
    advice: 'subscribe it: --subscribe does',
  };
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
