import { pseudonymOfContact } from '#adapters/system/pseudonyms.ts';
import type { RecordedAction } from '#app/ports/audit-trail.ts';
import { readContact } from '#operator/chat/find-chat.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import { readTenantId } from '#operator/find-tenant.ts';
import { UsageError } from '#operator/operator-error.ts';
import { counted, tableOf } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';

interface AuditOptions extends TargetOptions {
  readonly tenant?: string;
  readonly contact?: string;
  /** Milliseconds. */
  readonly since: number;
  readonly limit?: number;
}

/** `concierge audit list`. */
export async function listAudit(
  options: AuditOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const tenant = options.tenant === undefined ? undefined : readTenantId(options.tenant);
  const subject = readSubject(options);
  const application = await connect(target);
  try {
    const sinceMs = Math.max(0, (await application.audit.now()) - options.since);
    const { actions, unreadable } = await application.audit.list({ tenant, sinceMs });
    const wanted = actions
      .filter((each) => subject === undefined || each.subject === subject)
      .toReversed();
    const shown = wanted.slice(0, options.limit);
    terminal.out(
      options.json
        ? `${JSON.stringify({ actions: shown.map(viewOf), total: wanted.length, unreadable })}\n`
        : inWords(shown, wanted.length),
    );
    if (unreadable === 0) return;
    terminal.err(
      `concierge: ${counted(unreadable, 'entry', 'entries')} cannot be read by this release: use the one that is deployed.\n`,
    );
    finish(1);
  } finally {
    application.close();
  }
}

/** @throws UsageError */
function readSubject({ tenant, contact }: AuditOptions): string | undefined {
  if (contact === undefined) return undefined;
  if (tenant !== undefined) return pseudonymOfContact(readTenantId(tenant), readContact(contact));
  throw new UsageError('Say whose contact it is: --tenant <tenant>.');
}

function viewOf({ by, beganAtMs, end, ...action }: RecordedAction) {
  return {
    at: new Date(beganAtMs).toISOString(),
    who: by.arn,
    claimedUser: by.claimedUser ?? null,
    ...action,
    tenant: action.tenant ?? null,
    subject: action.subject ?? null,
    outcome: end?.outcome ?? 'unknown',
    endedAt: end ? new Date(end.endedAtMs).toISOString() : null,
    error: end?.error ?? null,
    changed: end?.changed ?? [],
    chats: end?.chats ?? [],
  };
}

function inWords(actions: readonly RecordedAction[], total: number): string {
  if (total === 0) return 'Nothing was recorded in that time.\n';
  const rows = actions.map((action) => {
    const { beganAtMs, by, command, tenant, end } = action;
    const user = by.claimedUser === undefined ? '' : ` (${by.claimedUser})`;
    return [
      new Date(beganAtMs).toISOString(),
      tenant ?? '-',
      `${by.arn.split(':').at(-1)}${user}`,
      [command, ...action.options].join(' '),
      [...action.fields, ...(action.subject === undefined ? [] : [action.subject])].join(' ') ||
        '-',
      end?.error === undefined ? (end?.outcome ?? 'unknown') : `${end.outcome} (${end.error})`,
    ].map(withoutControls);
  });
  const hidden = total > actions.length ? `, of which the newest ${actions.length} are shown` : '';
  return `${tableOf([['TIME', 'TENANT', 'WHO', 'COMMAND', 'ABOUT', 'OUTCOME'], ...rows])}\n${counted(total, 'command')}${hidden}.\n`;
}
