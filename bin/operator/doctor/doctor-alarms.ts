import type { Finding } from '#app/check-business.ts';
import { counted } from '#operator/plain-text.ts';
import { deployments } from '../../deployments.ts';
import type { AlarmView } from './cloud-alarms.ts';
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
  findings.push(...alarms.filter(isNews).map(redFinding));
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

/** One that only says that another incident is red says nothing new. */
function isNews({ name, isRed }: AlarmView): boolean {
  return isRed && !name.endsWith('-explained');
}

/** One that goes red with every deployment is no failure: it keeps the others from telling meanwhile. */
function redFinding({ name, runbook }: AlarmView): Finding {
  const isDeployment = name.endsWith('-deployment-running');
  return {
    verdict: isDeployment ? 'warning' : 'failed',
    check: 'alarms',
    message: isDeployment ? 'A deployment runs, so incidents tell nobody' : `Alarm ${name} is red`,
    advice: runbook ?? 'docs/operator.md',
  };
}
