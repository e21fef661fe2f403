import { Command, Option } from 'commander';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type PhoneNumberId, parsePhoneNumberId, type TenantId } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import { readContact, readNumberId } from '#operator/chat/find-chat.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { readDuration } from '#operator/duration.ts';
import { explainError } from '#operator/explain-error.ts';
import { findTenant, readTenantId } from '#operator/find-tenant.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import {
  inWords,
  readTarget,
  type Target,
  type TargetOptions,
  withTarget,
} from '#operator/target.ts';
import { type FoundMessage, findMessage } from './find-message.ts';
import type { LoggedLine, LogSearch } from './log-search.ts';
import { linesNaming, linesOfStory } from './story-lines.ts';
import { storyInWords, storyView } from './trace-view.ts';

interface TraceOptions extends TargetOptions {
  readonly tenant?: string;
  readonly number?: string;
  readonly chat?: string;
  /** Milliseconds. */
  readonly since: number;
  readonly text?: boolean;
}

/** Beyond so many numbers it has to be said whose the message is. */
const MOST_NUMBERS = 50;

const WHAT = `
The message is a customer's or a bubble of ours, by the id that Meta gave it (wamid.…). An id names no
chat: it is looked for among what waits or is parked, by what the logs say of it, and by the phone number
that is in most ids. Where that does not lead to it, say whose it is: --tenant, --number, and --chat with
the contact's id or phone number. What became of a redelivery, or of a message that was refused, is in the
logs only. Each query of the logs is paid for by what it reads: --since keeps it short.

  npx concierge trace wamid.HBgLMzQ2MDAxMTEyMjIVAgASGBQ… --stage prod`;

/** `concierge trace`: the whole story of one message. */
export function trace(deps: CommandDeps, finish: Finish): Command {
  return withTarget(new Command('trace'))
    .description('tell the whole story of one message, from Meta to Meta')
    .argument('<wamid>', 'the id of a message')
    .option('--tenant <tenant>', 'whose message it is, where that is known')
    .option('--number <id>', 'phone number id that it came to, or was sent from')
    .option('--chat <contact>', 'whose chat it is in: a user id or phone number')
    .addOption(
      new Option('--since <time>', 'how far back to look in the logs, such as 30m, 24h or 90d')
        .argParser(readDuration)
        .default(3 * 86_400_000, '3d'),
    )
    .option('--text', 'show the words as well')
    .addHelpText('after', WHAT)
    .action((wamid, options) => traceMessage(wamid, options, deps, finish));
}

async function traceMessage(
  wamid: string,
  options: TraceOptions,
  { terminal, connect }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  checkWamid(wamid);
  const tenant = options.tenant === undefined ? undefined : readTenantId(options.tenant);
  const contact = options.chat === undefined ? undefined : readContact(options.chat);
  const number = readNumberId(options);
  const application = await connect(target, { tenant, subject: pseudonyms.ofWamid(wamid) });
  try {
    const nowMs = application.clock.now();
    const period = { fromMs: Math.max(0, nowMs - options.since), toMs: nowMs };
    const logs = tolerant(application.logs, (why) => {
      terminal.err(`concierge: The logs cannot be asked (${why}) What follows the tables know.\n`);
      finish(1);
    });
    const naming = await linesNaming(wamid, period, logs);
    const numbers = number ? [number] : await numbersOf(tenant, application, target);
    const found = await findMessage({ wamid, numbers, contact, lines: naming }, application);
    if (!found && naming.length === 0) throw unknownMessage(options, period.fromMs, target);
    await checkTenant(tenant, { found, lines: naming }, application);
    const lines = await linesOfStory({ wamid, found }, naming, period, logs);
    if (found) application.note({ chats: [pseudonyms.ofChat(found.chat)] });
    const hasText = options.text === true;
    const story = { wamid, found, lines, sinceMs: period.fromMs, hasText };
    terminal.out(options.json ? `${JSON.stringify(storyView(story))}\n` : storyInWords(story));
  } finally {
    application.close();
  }
}

/** @throws UsageError; it repeats no part of what may hold a phone number */
function checkWamid(text: string): void {
  if (/^wamid\.[\w+/=.-]{1,500}$/.test(text)) return;
  throw new UsageError(
    'A message goes by the id that Meta gave it, which begins with "wamid.": quote it whole, as it came.',
  );
}

/** Without the logs a story is told as far as the tables know it; the trouble is told once. */
function tolerant(logs: LogSearch, tell: (why: string) => void): LogSearch {
  let isBroken = false;
  return {
    search: async (question) => {
      if (isBroken) return [];
      try {
        return await logs.search(question);
      } catch (error) {
        isBroken = true;
        tell(explainError(error).message);
        return [];
      }
    },
  };
}

/** @throws OperatorError where the message is another's, whose story would be told under a wrong name */
async function checkTenant(
  tenant: TenantId | undefined,
  {
    found,
    lines,
  }: { readonly found: FoundMessage | undefined; readonly lines: readonly LoggedLine[] },
  { register }: Application,
): Promise<void> {
  if (tenant === undefined) return;
  const head = typeof found?.head === 'object' ? found.head : undefined;
  const named = (field: string) =>
    lines.map(({ fields }) => textAt(fields, field)).find((each) => each !== undefined);
  const number = found?.chat.phoneNumberId ?? parsePhoneNumberId(named('phoneNumberId'));
  const owner = head?.tenantId ?? named('tenantId') ?? (number && (await register.ownerOf(number)));
  if (owner === undefined || owner === tenant) return;
  throw new OperatorError(
    `This message is not of ${tenant}: leave out --tenant to see whose it is.`,
  );
}

/** At which numbers to look where nothing else tells: the tenant's, or all where they are few. */
async function numbersOf(
  tenant: TenantId | undefined,
  { register }: Application,
  target: Target,
): Promise<readonly PhoneNumberId[]> {
  const tenants =
    tenant === undefined ? await register.list() : [await findTenant(tenant, register, target)];
  const all = tenants.flatMap(({ numbers }) => numbers.map(({ phoneNumberId }) => phoneNumberId));
  return tenant === undefined && all.length > MOST_NUMBERS ? [] : all;
}

function unknownMessage({ tenant }: TraceOptions, fromMs: number, target: Target): OperatorError {
  const since = new Date(fromMs).toISOString();
  const whose =
    tenant === undefined
      ? 'say whose it is with --tenant, and with --chat in whose chat'
      : 'say with --chat in whose chat it is';
  return new OperatorError(
    `Nothing is known of this message: no chat that it may be in has it, and no line since ${since} names it. Look further back, such as --since 30d, or ${whose}; npx concierge doctor ${inWords(target)} tells whether webhooks come in at all.`,
  );
}
