import { listParked, type RingCounts } from '#app/list-parked.ts';
import type { ParkedMessage } from '#app/ports/parked-messages.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { ageInWords, counted, tableOf } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';
import { ownersOfParked, parkedOf } from './parked-of-tenant.ts';
import { type ParkedView, viewOf } from './parked-view.ts';

interface ListOptions extends TargetOptions {
  readonly reason?: string;
  readonly tenant?: string;
  readonly limit?: number;
}

/** `concierge dead-letters list`. */
export async function listDeadLetters(
  options: ListOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  const application = await connect(target);
  try {
    const { messages: all, rings } = await listParked(application);
    const messages = await parkedOf(options.tenant, all, application, target);
    const owners = await ownersOfParked(messages, application);
    const wanted = messages.filter(
      ({ parking }) => options.reason === undefined || parking.reason === options.reason,
    );
    const nowMs = application.clock.now();
    const views = wanted.slice(0, options.limit).map((each) => ({
      ...viewOf(each, nowMs),
      // Of a number that is nobody's: null.
      tenant: owners.get(each.chat.phoneNumberId) ?? null,
    }));
    const reasons = countReasons(wanted);
    terminal.out(
      options.json
        ? `${JSON.stringify({ parked: views, total: wanted.length, reasons: Object.fromEntries(reasons), deadLetterQueue: rings })}\n`
        : `${inWords(views, reasons, options)}${besides(options.reason, messages)}${straysOf(rings)}`,
    );
  } finally {
    application.close();
  }
}

function countReasons(messages: readonly ParkedMessage[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(messages, ({ parking }) => parking.reason);
  return new Map([...groups].map(([reason, all]) => [reason, all.length]));
}

interface ListedView extends ParkedView {
  readonly tenant: string | null;
}

const COLUMNS = ['AGE', 'REASON', 'CLASS', 'PEER', 'CODE', 'ATTEMPTS'] as const;

function inWords(
  views: readonly ListedView[],
  reasons: ReadonlyMap<string, number>,
  { reason, tenant }: ListOptions,
): string {
  const head = [...COLUMNS, 'TENANT', 'NUMBER', 'CHAT', 'MESSAGE'];
  const rows = views.map((view) => [
    ageInWords(view.ageSeconds),
    view.reason,
    view.class,
    view.peer,
    withoutControls(view.code),
    String(view.attempts),
    view.tenant ?? '-',
    view.phoneNumberId,
    view.chat,
    view.message,
  ]);
  const table = rows.length > 0 ? `${tableOf([head, ...rows])}\n` : '';
  const total = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const hidden = total > views.length ? `, of which the oldest ${views.length} are shown` : '';
  const parked =
    total === 0
      ? `Nothing is parked${tenant === undefined ? '' : ` of ${tenant}`}${reason === undefined ? '' : ` for ${reason}`}`
      : `Parked: ${counted(total, 'message')}${hidden} (${summaryOf(reasons)})`;
  return `${table}${parked}.\n`;
}

/** What `--reason` leaves out, so that a mistyped one does not pass for an empty list. */
function besides(reason: string | undefined, messages: readonly ParkedMessage[]): string {
  if (reason === undefined) return '';
  const others = countReasons(messages.filter(({ parking }) => parking.reason !== reason));
  return others.size === 0 ? '' : `Parked for other reasons: ${summaryOf(others)}.\n`;
}

function straysOf({ ofNoParkedMessage: strays }: RingCounts): string {
  if (strays === 0) return '';
  return `On the dead-letter queue: ${counted(strays, 'ring')} of no parked message; any redrive settles them.\n`;
}

function summaryOf(reasons: ReadonlyMap<string, number>): string {
  return [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ');
}
