import { type BusinessCheck, type Cure, checkBusiness, type Finding } from '#app/check-business.ts';
import type { AppCredentials } from '#app/ports/meta-accounts.ts';
import type { BusinessNumber } from '#app/ports/tenant-register.ts';
import type { Application } from './connect.ts';

export interface MetaQuestion {
  readonly token: string;
  readonly numbers: readonly BusinessNumber[];
  readonly app: AppCredentials;
  /** What to have Meta do where it is missing. */
  readonly cures: readonly Cure[];
  /** Six digits, for `register`. */
  readonly pin: string;
}

export interface MetaVerdict {
  readonly findings: readonly Finding[];
  /** With their accounts, as far as Meta confirmed them. */
  readonly numbers: readonly BusinessNumber[];
  readonly hasRegistered: boolean;
}

/** Asks about each number, cures what was asked to be cured, and then asks again. */
export async function checkWithMeta(
  { token, numbers, app, cures, pin }: MetaQuestion,
  { meta, clock }: Application,
): Promise<MetaVerdict> {
  const findings: Finding[] = [];
  const confirmed: BusinessNumber[] = [];
  let hasRegistered = false;
  for (const number of numbers) {
    const question = { token, app, ...number, nowMs: clock.now() };
    let check = await checkBusiness(question, meta);
    const wanted = check.cures.filter((cure) => cures.includes(cure));
    const trouble: Finding[] = [];
    for (const cure of wanted) {
      const accountId = check.accountId ?? '';
      const answer = await (cure === 'register'
        ? meta.registerNumber(number.phoneNumberId, pin, token)
        : meta.subscribeApp(accountId, token));
      if (answer.kind === 'answered') hasRegistered ||= cure === 'register';
      else trouble.push(notCured(cure, answer));
    }
    if (wanted.length > 0) check = await checkBusiness(question, meta);
    findings.push(...trouble, ...withoutRepeats(check, findings));
    confirmed.push({ ...number, accountId: check.accountId ?? number.accountId });
  }
  return { findings, numbers: confirmed, hasRegistered };
}

/** What is said of the token is said once, whatever the number of numbers. */
function withoutRepeats({ findings }: BusinessCheck, told: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ message }) => !told.some((each) => each.message === message));
}

function notCured(
  cure: Cure,
  answer: { readonly kind: string; readonly code: number | string },
): Finding {
  const what = cure === 'register' ? 'register the number' : 'subscribe our app';
  return {
    verdict: 'failed',
    check: cure,
    message: `Meta did not ${what} (${answer.kind === 'refused' ? 'error ' : ''}${answer.code})`,
    advice:
      answer.code === 133005
        ? 'the number has two-step verification with another PIN: give that one with --pin-file'
        : 'look it up under Error codes in the documentation of the Cloud API',
  };
}
