import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '#domain/json.ts';
import type { TemplateResource } from '../documents/template.ts';

const WEEKS_A_MONTH = 30 / 7;

/** How many copies of the tables AWS Backup keeps at any time, and how often one is restored in a month. */
export function backupsOf(resources: readonly TemplateResource[]): {
  readonly copies: number;
  readonly restores: number;
} {
  const rules = resources
    .filter(({ type }) => type === 'AWS::Backup::BackupPlan')
    .flatMap(({ properties }) => listAt(objectAt(properties, 'BackupPlan') ?? {}, 'BackupPlanRule'))
    .filter(isObject);
  // Each is a full one, and one is made each day.
  const copies = rules.reduce((sum, rule) => {
    const elsewhere = listAt(rule, 'CopyActions').filter(isObject).map(daysIn);
    return sum + [daysIn(rule), ...elsewhere].reduce((days, each) => days + each, 0);
  }, 0);
  const restores = resources
    .filter(({ type }) => type === 'AWS::Backup::RestoreTestingPlan')
    .map(({ properties }) => textAt(properties, 'ScheduleExpression') ?? '')
    .reduce((sum, cron) => sum + (isMonthly(cron) ? 1 : WEEKS_A_MONTH), 0);
  return { copies, restores };
}

function daysIn(rule: JsonObject): number {
  return numberAt(objectAt(rule, 'Lifecycle') ?? {}, 'DeleteAfterDays') ?? 0;
}

/** `cron(minute hour day-of-month month day-of-week year)`, on a day of the month. */
function isMonthly(cron: string): boolean {
  const [, , day = '?'] = /^cron\((.+)\)$/.exec(cron)?.[1]?.split(' ') ?? [];
  return /^\d+$/.test(day);
}
