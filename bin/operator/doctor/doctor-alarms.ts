import type { Finding } from '#app/check-business.ts';
import { counted } from '#operator/plain-text.ts';
import { deployments } from '../../deployments.ts';
import type { Patient } from './doctor.ts';

/** Whether the alarms of a deployed stage are there, would tell somebody, and are quiet. */
export async function alarmFindings({ application, target }: Patient): Promise<readonly Finding[]> {
  if (!application.listAlarms || target.kind !== 'cloud') return [];
  const alarms = await application.listAlarms();
  const findings: Finding[] = [];
  const unarmed = alarms.filter(({ isArmed }) => !isArmed).map(({ name }) => name);
  if (alarms.length === 0 || unarmed.length > 0) {
    findings.push({
      verdict: 'failed',
      check: 'alarms',
      message:
        alarms.length === 0 ? 'There are no alarms' : `Without effect: ${unarmed.join(', ')}`,
      advice: `npm run deploy -- ${target.stage}, or enable the actions of these alarms`,
    });
  } else {
    const message = `Armed: ${counted(alarms.length, 'alarm')}`;
    findings.push({ verdict: 'ok', check: 'alarms', message });
  }
  for (const { name } of alarms.filter(({ isRed }) => isRed)) {
    findings.push({
      verdict: 'failed',
      check: 'alarms',
      message: `Alarm ${name} is red`,
      advice: `docs/runbooks/${name.replace(/^concierge-[a-z]+-(?:service|stateful)-/, '')}.md`,
    });
  }
  if (deployments[target.stage].alarms.critical.length === 0) {
    findings.push({
      verdict: 'warning',
      check: 'alarms',
      message: 'Nobody is paged',
      advice: `put an address into alarms.critical of ${target.stage} in bin/deployments.ts`,
    });
  }
  return findings;
}
