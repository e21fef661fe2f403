import { pseudonymOfContact, pseudonyms } from '#adapters/system/pseudonyms.ts';
import {
  ChatBusyError,
  type ErasedContact,
  type ErasureStep,
  eraseContact,
} from '#app/erase-contact.ts';
import type { RegisteredTenant } from '#app/ports/tenant-register.ts';
import { type Tidied, tidyDeadRings } from '#app/tidy-dead-rings.ts';
import type { ContactId } from '#domain/ids.ts';
import { processorTimeoutSeconds } from '#lib/config/stages.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { readContact } from './find-contact.ts';
import { findTenant, readTenantId } from './find-tenant.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { counted } from './parked-view.ts';
import { ProgressLine } from './progress-line.ts';
import { readTarget, type TargetOptions } from './target.ts';
import type { Terminal } from './terminal.ts';

interface EraseOptions extends TargetOptions {
  readonly tenant: string;
  readonly yes?: boolean;
}

/** The processor is the slowest of the functions; a write of its last moment takes effect within seconds. */
const SETTLE_MS = (processorTimeoutSeconds + 5) * 1000;

/** `concierge chat erase`. */
export async function eraseChat(
  name: string,
  options: EraseOptions,
  { terminal, connect, pause }: CommandDeps,
  finish: Finish,
): Promise<void> {
  const target = readTarget(options);
  const contact = readContact(name);
  const id = readTenantId(options.tenant);
  if (!options.yes && !terminal.hasPerson) {
    throw new UsageError('What was said would be gone for good. Say --yes to erase it.');
  }
  const subject = pseudonymOfContact(id, contact);
  const application = await connect(target, { tenant: id, subject });
  const progress = new ProgressLine(terminal);
  try {
    const tenant = await findTenant(id, application.register, target);
    if (!options.yes) await confirm(contact, tenant, terminal);
    const wait = async (ms: number) => {
      await pause(ms);
    };
    const report = (step: ErasureStep) => progress.show(stepInWords(step));
    const erased = await erase(contact, tenant, { application, pause: wait }, report);
    application.note({ chats: erased.chats.map(pseudonyms.ofChat) });
    progress.show('Tidying the dead-letter queue…');
    const tidied = await tidyDeadRings(new Set(), application);
    progress.clear();
    const blind = tenant.numbers.filter(({ accountId }) => accountId === undefined).length;
    const result = { erased, tidied, hasUnknownAccount: blind > 0 };
    terminal.out(options.json ? asJson(result) : inWords(result));
    const problems = problemsOf(result);
    for (const problem of problems) terminal.err(`concierge: ${problem}\n`);
    finish(problems.length > 0 ? 1 : 0);
  } finally {
    progress.clear();
    application.close();
  }
}

/** @throws OperatorError */
async function erase(
  contact: ContactId,
  { numbers }: RegisteredTenant,
  { application, pause }: { application: Application; pause(ms: number): Promise<void> },
  report: (step: ErasureStep) => void,
): Promise<ErasedContact> {
  const { erasable: chats } = application;
  const wish = {
    contact,
    phoneNumberIds: numbers.map(({ phoneNumberId }) => phoneNumberId),
    accountIds: numbers.flatMap(({ accountId }) => accountId ?? []),
  };
  try {
    return await eraseContact(wish, { chats, pause, settleMs: SETTLE_MS }, report);
  } catch (cause) {
    if (!(cause instanceof ChatBusyError)) throw cause;
    throw new OperatorError(`${cause.message}: run the same again.`, { cause });
  }
}

async function confirm(
  contact: ContactId,
  { id }: RegisteredTenant,
  terminal: Terminal,
): Promise<void> {
  const answer = await terminal.ask(
    `Everything of this contact of ${id} is erased for good. Type ${contact} to erase it: `,
  );
  if (answer !== contact) throw new OperatorError('Nothing was erased.');
}

function stepInWords(step: ErasureStep): string {
  return step.step === 'erased'
    ? `Erased ${counted(step.chats, 'chat')}…`
    : `Waiting ${Math.round(step.ms / 1000)} s for functions that may still be writing…`;
}

interface Result {
  readonly erased: ErasedContact;
  readonly tidied: Tidied;
  /** Kept events lie by account: those of a number whose account is not known are not found. */
  readonly hasUnknownAccount: boolean;
}

function asJson({ erased, tidied, hasUnknownAccount }: Result): string {
  const { chats, messages, bubbles, otherItems, events, isRestless } = erased;
  return `${JSON.stringify({
    chats: chats.map(pseudonyms.ofChat),
    messages,
    bubbles,
    otherItems,
    events,
    eventsSearched: !hasUnknownAccount,
    complete: !isRestless,
    deadLetterQueue: tidied,
  })}\n`;
}

function inWords({ erased, tidied }: Result): string {
  const { chats, messages, bubbles, otherItems, events } = erased;
  if (chats.length === 0) return 'Nothing is known of this contact.\n';
  const other = otherItems > 0 ? `, ${counted(otherItems, 'other item')}` : '';
  return `Erased ${counted(chats.length, 'chat')}: ${counted(messages, 'message')}, ${counted(bubbles, 'bubble')}${other}; ${counted(events, 'kept event')}; ${counted(tidied.removed, 'ring')} of the dead-letter queue.
What stays for 31 days: that there was a chat, so that what Meta still delivers of it is not answered.
`;
}

function problemsOf({ erased, hasUnknownAccount }: Result): readonly string[] {
  const problems: string[] = [];
  if (erased.isRestless) {
    problems.push('Something of the contact is written again and again: run the same later.');
  }
  if (erased.chats.length > 0 && hasUnknownAccount) {
    problems.push(
      'The account of a number is not known, so events kept of it were not looked through; each goes within 30 days. Say it with npx concierge tenant set --number <id>:<account>, and run the same again.',
    );
  }
  return problems;
}
