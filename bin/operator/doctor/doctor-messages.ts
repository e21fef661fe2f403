import type { Finding } from '#app/check-business.ts';
import { ageInWords, counted } from '#operator/plain-text.ts';
import { inWords } from '#operator/target.ts';
import type { Patient } from './doctor.ts';

/** A turn takes seconds; what was lost is rung for again within two minutes. */
const SLOW_SECONDS = 180;
const STUCK_SECONDS = 900;

/** Whether accepted messages are answered, and what waits for the operator. */
export async function messageFindings(patient: Patient): Promise<readonly Finding[]> {
  return [
    await unfinishedFinding(patient),
    await parkedFinding(patient),
    ...(await deadLetterFindings(patient)),
  ];
}

async function unfinishedFinding({ application }: Patient): Promise<Finding> {
  const nowMs = application.clock.now();
  const wanted = { acceptedBeforeMs: nowMs, limit: 1 };
  const [oldest] = await application.unfinished.listUnfinished(wanted);
  const check = 'unfinished';
  if (!oldest) return { verdict: 'ok', check, message: 'Every accepted message is finished' };
  const seconds = Math.max(0, Math.round((nowMs - oldest.acceptedAtMs) / 1000));
  const message = `The oldest unfinished message is ${ageInWords(seconds)} old`;
  if (seconds < SLOW_SECONDS) return { verdict: 'ok', check, message };
  return {
    verdict: seconds < STUCK_SECONDS ? 'warning' : 'failed',
    check,
    message,
    advice: 'docs/runbooks/oldest-unfinished.md',
  };
}

async function parkedFinding({ application, target }: Patient): Promise<Finding> {
  const parked = await application.parked.listParked();
  if (parked.length === 0) return { verdict: 'ok', check: 'parked', message: 'Nothing is parked' };
  const reasons = [...new Set(parked.map(({ parking }) => parking.reason))].join(', ');
  return {
    verdict: 'failed',
    check: 'parked',
    message: `${counted(parked.length, 'message')} parked (${reasons})`,
    advice: `npx concierge dead-letters list ${inWords(target)}, and docs/runbooks/messages-parked.md`,
  };
}

async function deadLetterFindings({ application }: Patient): Promise<readonly Finding[]> {
  const depths = await application.countDeadLetters();
  return (['chat', 'events', 'jobs'] as const).map((queue): Finding => {
    const depth = depths[queue];
    const check = `${queue}-dead-letters`;
    if (depth === 0) {
      return { verdict: 'ok', check, message: `The ${queue} dead-letter queue is empty` };
    }
    return {
      verdict: 'failed',
      check,
      message: `The ${queue} dead-letter queue holds ${depth}`,
      advice: `docs/runbooks/${check}.md`,
    };
  });
}
