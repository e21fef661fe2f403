import { addTenant } from '#app/add-tenant.ts';
import { type Finding, hasFailed, judgeConnection } from '#app/check-business.ts';
import type { AppCredentials } from '#app/ports/meta-accounts.ts';
import type { BusinessNumber, RegisteredTenant, TenantEntry } from '#app/ports/tenant-register.ts';
import { type AppId, parsePhoneNumberId } from '#domain/ids.ts';
import type { JsonObject } from '#domain/json.ts';
import { withValue } from '#domain/secret/rotation.ts';
import type { AuditedApplication } from '#operator/audit-session.ts';
import { checkWithMeta } from '#operator/check-with-meta.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { readTenantId } from '#operator/find-tenant.ts';
import { appCredentials, readHeldApp } from '#operator/held-app.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { readValue } from '#operator/read-input.ts';
import { readPin } from '#operator/read-pin.ts';
import { readFields as readSecretFields, storeSecret } from '#operator/secret/put-secret.ts';
import { inWords, readTarget, type Target, type TargetOptions } from '#operator/target.ts';
import { change } from './change-entry.ts';
import {
  alreadyDescribed,
  existing,
  refuseExisting,
  refuseTaken,
  taken,
} from './tenant-conflicts.ts';
import { checkInputs, type FieldOptions, readFieldsOf, sourceOf } from './tenant-fields.ts';
import { checkNewTenant, keysOf } from './tenant-file.ts';
import { reportAsJson, reportAsText } from './tenant-report.ts';

interface ConnectOptions extends TargetOptions, FieldOptions {
  readonly codeFile: string;
  readonly account: string;
  readonly pinFile?: string;
  readonly coexistence?: boolean;
  readonly appId?: string;
  readonly showVerifyToken?: boolean;
}

/**
 * `concierge tenant connect`: what a business hands over at the end of Embedded Signup.
 * 1. Everything that can be wrong here is found before the code is used: it is taken once.
 * 2. The code for a token, and what Meta says of it: only what that confirms is bound.
 * 3. Entry, secret and numbers are stored, so that the token is not lost whatever comes.
 * 4. Meta registers the numbers and subscribes our app.
 */
export async function connectTenant(
  name: string | undefined,
  options: ConnectOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  checkInputs({ ...options, '--code-file': options.codeFile });
  if (!/^\d{5,32}$/.test(options.account)) {
    throw new UsageError('--account takes the waba_id that Embedded Signup gave: digits only.');
  }
  const fields = await readFieldsOf(name, options, terminal);
  const id = readTenantId(String(fields['id'] ?? ''));
  const pin = await readPin(options.pinFile, terminal);
  const code = await readValue('code', options.codeFile, terminal);
  const application = await connect(target, { tenant: id, fields: keysOf(fields) });
  try {
    const seen = await application.register.find(id);
    const draft = seen
      ? undefined
      : checkNewTenant(withDraftNumbers(fields, options), sourceOf(options));
    if (seen && Object.keys(fields).some((key) => key !== 'id')) throw alreadyDescribed(id, target);
    const named = seen ? seen.numbers : numbersNamed(fields, draft);
    if (draft) await refuseExisting({ ...draft, numbers: named }, application, target);
    else await refuseTaken(named, id, application, target);
    const held = await readHeldApp(ownAppOf(seen, draft), application);
    const app = appCredentials(held, options.appId);
    const before = await readSecretFields({ kind: 'tenant', id }, application);

    const token = await exchange(code, app, application);
    const numbers = await confirmedNumbers({ token, app, named, options }, application);
    await refuseTaken(
      numbers.map(({ number }) => number),
      id,
      application,
      target,
    );

    const isPinNeeded = !options.coexistence && numbers.some(({ isConnected }) => !isConnected);
    const beside = isPinNeeded ? { ...before, pin } : before;
    const secret = withValue(beside, 'accessToken', token, application.clock.now());
    const bound = numbers.map(({ number }) => number);
    await store({ seen, draft, bound, secret }, application, target);

    const cures = options.coexistence
      ? (['subscribe'] as const)
      : (['register', 'subscribe'] as const);
    const { findings } = await checkWithMeta(
      { token, numbers: bound, app, cures, pin },
      application,
    );
    const report = {
      target,
      done: 'connected',
      id,
      numbers: bound,
      findings,
      app: held,
      showVerifyToken: options.showVerifyToken === true,
    } as const;
    terminal.out(
      options.json ? reportAsJson(report, application) : reportAsText(report, application),
    );
    if (seen && !options.json) {
      terminal.out(
        `\nWhat waited for the token is answered by npx concierge dead-letters redrive --reason token ${inWords(target)}\n`,
      );
    }
    if (!hasFailed(findings)) return;
    terminal.err(
      `concierge: It is connected, and its token is kept, but will not work before what failed is removed: look again with npx concierge doctor --tenant ${id} ${inWords(target)}\n`,
    );
    finish(1);
  } finally {
    application.close();
  }
}

function ownAppOf(
  seen: RegisteredTenant | undefined,
  draft: TenantEntry | undefined,
): AppId | undefined {
  if (draft) return draft.tenant.app;
  return seen && seen.tenant !== 'misconfigured' ? seen.tenant.app : undefined;
}

/** Where no number is named, Meta says later which there are. */
function withDraftNumbers(fields: JsonObject, { account }: ConnectOptions): JsonObject {
  return fields['numbers'] === undefined
    ? { ...fields, numbers: [{ phoneNumberId: '00000', accountId: account }] }
    : fields;
}

function numbersNamed(
  fields: JsonObject,
  draft: TenantEntry | undefined,
): readonly BusinessNumber[] {
  return fields['numbers'] === undefined ? [] : (draft?.numbers ?? []);
}

/** @throws OperatorError */
async function exchange(code: string, app: AppCredentials, { meta }: Application): Promise<string> {
  const answer = await meta.exchangeCode(code, app);
  switch (answer.kind) {
    case 'answered':
      return answer.value;
    case 'unreachable':
      throw new OperatorError(
        `Meta gave no answer (${answer.code}). The code may have been used: have the business go through Embedded Signup again.`,
      );
    case 'refused':
      throw new OperatorError(`${whyRefused(answer)} Nothing was changed.`);
  }
}

function whyRefused({
  code,
  subcode,
}: {
  readonly code: number;
  readonly subcode: number | undefined;
}): string {
  const again = 'Have the business go through Embedded Signup again.';
  if (subcode === 36007) return `The code has expired: it lives for 30 seconds. ${again}`;
  if (subcode === 36009) return `The code has been used before: it is taken once. ${again}`;
  if (code === 101) return "Meta does not know the app's id: npx concierge secret put app-id.";
  if (code === 1) {
    return "Meta does not take the app's secret: compare it with the dashboard, App settings, Basic.";
  }
  return `Meta does not take the code (error ${code}): it must be the one that Embedded Signup gave for our app, whole.`;
}

interface Confirmed {
  readonly number: BusinessNumber;
  readonly isConnected: boolean;
}

interface Binding {
  readonly token: string;
  readonly app: AppCredentials;
  readonly named: readonly BusinessNumber[];
  readonly options: ConnectOptions;
}

/** The numbers of the account, or those named, as far as Meta confirms token and account. @throws OperatorError */
async function confirmedNumbers(
  { token, app, named, options: { account } }: Binding,
  { meta }: Application,
): Promise<readonly Confirmed[]> {
  const told = await meta.describeToken(token, app);
  const objection = judgeConnection(told, app, account);
  if (objection) throw notBound(objection);
  const listed = await meta.listNumbers(account, token);
  if (listed.kind !== 'answered') {
    throw notBound({
      verdict: 'failed',
      check: 'account',
      message: `Meta did not list the numbers of account ${account} (${listed.code})`,
    });
  }
  const there = listed.value.flatMap((facts): Confirmed[] => {
    const phoneNumberId = parsePhoneNumberId(facts.phoneNumberId);
    if (!phoneNumberId) return [];
    const number = { phoneNumberId, accountId: account };
    return [{ number, isConnected: facts.status === 'CONNECTED' }];
  });
  const missing = named.find(
    ({ phoneNumberId }) => !there.some(({ number }) => number.phoneNumberId === phoneNumberId),
  );
  if (missing || there.length === 0) {
    throw notBound({
      verdict: 'failed',
      check: 'account',
      message: missing
        ? `Account ${account} has no number ${missing.phoneNumberId}`
        : `Account ${account} has no number yet`,
    });
  }
  if (named.length === 0) return there;
  return there.filter(({ number }) =>
    named.some(({ phoneNumberId }) => phoneNumberId === number.phoneNumberId),
  );
}

function notBound({ message }: Finding): OperatorError {
  return new OperatorError(
    `${message}. Nothing was stored; the code is used up: have the business go through Embedded Signup again.`,
  );
}

interface Storing {
  readonly seen: RegisteredTenant | undefined;
  readonly draft: TenantEntry | undefined;
  readonly bound: readonly BusinessNumber[];
  readonly secret: JsonObject;
}

/** @throws OperatorError where somebody else was faster */
async function store(
  { seen, draft, bound, secret }: Storing,
  application: AuditedApplication,
  target: Target,
): Promise<void> {
  if (draft) {
    const added = await addTenant({ ...draft, numbers: bound }, secret, application);
    if (added.kind === 'exists') throw existing(draft.tenant.id, target);
    if (added.kind !== 'added') throw taken(added, target);
    return;
  }
  if (!seen) return;
  const { tenant } = seen;
  const bind = async () => {
    if (tenant === 'misconfigured') return;
    await change(seen, { tenant, numbers: bound }, application, target);
  };
  // The code is used up: what can be done with its token is, also where that has no copy yet.
  await storeSecret({ kind: 'tenant', id: seen.id }, secret, application, bind);
}
