import type { Finding } from '#app/check-business.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#domain/json.ts';
import { parseIsoTime } from '#lib/config/iso-time.ts';
import type { StageName } from '#lib/config/stages.ts';
import type { Account } from './account.ts';
import { failed, ok } from './finding.ts';
import type { Deployment } from './prechecks.ts';

/** Meta delivers again for seven days; a day more for whoever counts. */
const STAYS_MS = 8 * 24 * 3_600_000;
/** It is printed two minutes ahead, and clocks differ. */
const AHEAD_MS = 600_000;
const CURE = 'docs/runbooks/restore.md#back-to-normal';

/** By which the stack tells the service stack of its own table; it does for as long as it has one. */
export const OWN_TABLE = /^ExportsOutputRefConversations[0-9A-F]{16}$/;

/**
 * Whether what may have been answered before a restore still goes to a person: `until` neither goes while Meta may
 * deliver such a message again, nor moves back; and in the future it would keep everybody from being answered.
 * It never goes while the stack's own table is another than the restored one: that would be served again, as it was.
 */
export async function checkRestored(
  { config, service: next, nowMs }: Deployment,
  account: Account,
): Promise<Finding> {
  const check = 'restored tables';
  const service = `concierge-${config.stage}-service`;
  const now = (await account.findStack(service))
    ? untilIn(await account.readTemplate(service))
    : undefined;
  const wanted = untilIn(next);
  if (wanted !== undefined && wanted > nowMs + AHEAD_MS) {
    return failed(
      check,
      `restored.until is ${at(wanted)}: nobody would be answered before`,
      'take what npm run restore printed',
    );
  }
  if (now !== undefined && wanted === undefined && !(await isAdopted(config.stage, account))) {
    return failed(
      check,
      'Without `restored` the stack’s own table serves again, which knows nothing of since the restore',
      `have the restored one take its place first: ${CURE}`,
    );
  }
  const mayGoMs = (now ?? 0) + STAYS_MS;
  if (now === undefined || (wanted ?? 0) >= now || nowMs >= mayGoMs) {
    return ok(check, wanted === undefined ? 'No restore is told of' : `Restored ${at(wanted)}`);
  }
  return failed(
    check,
    `restored.until is ${at(now)} where it is deployed, and ${wanted === undefined ? 'would be gone' : `would be ${at(wanted)}`}: what Meta delivers again might be answered a second time`,
    `keep it until ${at(mayGoMs)}: ${CURE}`,
  );
}

/** Whether the table that serves is the stack's own by now. */
async function isAdopted(stage: StageName, account: Account): Promise<boolean> {
  const outputs = (await account.findStack(`concierge-${stage}-stateful`))?.outputs ?? new Map();
  const own = [...outputs].find(([name]) => OWN_TABLE.test(name))?.[1];
  return own !== undefined && own === outputs.get('ConversationsTableName');
}

/** What the processor is told. */
function untilIn(template: JsonObject): number | undefined {
  const untils = Object.values(objectAt(template, 'Resources') ?? {}).flatMap((resource) => {
    const properties = isObject(resource) ? objectAt(resource, 'Properties') : undefined;
    const environment = properties && objectAt(properties, 'Environment');
    const variables = environment && objectAt(environment, 'Variables');
    return parseIsoTime((variables && textAt(variables, 'RESTORED_UNTIL')) ?? '') ?? [];
  });
  return untils[0];
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
