import { pseudonymOfContact, pseudonyms } from '#adapters/system/pseudonyms.ts';
import {
  ChatBusyError,
  type ErasedContact,
  type ErasureStep,
  eraseContact,
} from '#app/erase-contact.ts';
import { type Tidied, tidyDeadRings } from '#app/tidy-dead-rings.ts';
import { processorTimeoutSeconds } from '#lib/config/stages.ts';
import type { CommandDeps, Finish } from './command-line.ts';
import type { Application } from './connect.ts';
import { explainError } from './explain-error.ts';
import { type Asked, askFor, type ContactOptions, readContact, readNumberId } from './find-chat.ts';
import { readTenantId } from './find-tenant.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { counted } from './parked-view.ts';
import { ProgressLine } from './progress-line.ts';
import { readTarget, type TargetOptions } from './target.ts';
import type { Terminal } from './terminal.ts';

interface EraseOptions extends TargetOptions, ContactOptions {
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
  const tenant = readTenantId(options.tenant);
  const number = readNumberId(options);
  if (!options.yes && !terminal.hasPerson) {
    throw new UsageError('What was said would be gone for good. Say --yes to erase it.');
  }
  const subject = pseudonymOfContact(tenant, contact);
  const application = await connect(target, { tenant, subject });
  const progress = new ProgressLine(terminal);
  try {
    const asked = await askFor(tenant, contact, number, { application, target });
    if (!options.yes) await confirm(asked, terminal);
    const wait = async (ms: number) => {
      await pause(ms);
    };
    const report = (step: ErasureStep) => {
      if (step.step === 'waiting') progress.announce(stepInWords(step));
      else progress.show(stepInWords(step));
    };
    const erased = await erase(asked, { application, pause: wait }, report);
    application.note({ chats: erased.chats.map(pseudonyms.ofChat) });
    progress.clear();
    // Before anything else can fail: it is done, and cannot be told by looking.
    if (!options.json) terminal.out(inWords(erased, asked));
    const tidied = await tidy(erased, { application, progress }, (rings) => {
      terminal.out(options.json ? asJson(erased, rings, asked) : ringsInWords(rings));
    });
    const problems = [...problemsOf(erased, asked), ...problemsOfRings(tidied)];
    for (const problem of problems) terminal.err(`concierge: ${problem}\n`);
    finish(problems.length > 0 ? 1 : 0);
  } finally {
    progress.clear();
    application.close();
  }
}

/** @throws OperatorError */
async function erase(
  { numbers, accounts, ...asked }: Asked,
  { application, pause }: { application: Application; pause(ms: number): Promise<void> },
  report: (step: ErasureStep) => void,
): Promise<ErasedContact> {
  const { erasable: chats } = application;
  const wish = { ...asked, phoneNumberIds: numbers, accountIds: accounts };
  try {
    return await eraseContact(wish, { chats, pause, settleMs: SETTLE_MS }, report);
  } catch (cause) {
    if (!(cause instanceof ChatBusyError)) throw cause;
    throw new OperatorError(`${cause.message}: run the same again.`, { cause });
  }
}

const NO_RINGS: Tidied = { removed: 0, rungAgain: 0, kept: 0, notTaken: 0, unreadable: 0 };

/** The rings of the erased chats; `tell` hears of them also where that fails, and of none then. */
async function tidy(
  { chats }: ErasedContact,
  { application, progress }: { application: Application; progress: ProgressLine },
  tell: (tidied: Tidied | undefined) => void,
): Promise<Tidied> {
  if (chats.length > 0) progress.show('Tidying the dead-letter queue…');
  try {
    const tidied = chats.length > 0 ? await tidyDeadRings(new Set(), application, chats) : NO_RINGS;
    progress.clear();
    tell(tidied);
    return tidied;
  } catch (cause) {
    progress.clear();
    tell(undefined);
    const { message } = explainError(cause);
    throw new OperatorError(
      `What was said is erased, and its rings on the dead-letter queue, which hold no word, are left: run the same again. ${message}`,
      { cause },
    );
  }
}

async function confirm({ contact, tenant }: Asked, terminal: Terminal): Promise<void> {
  const answer = await terminal.ask(
    `Everything of this contact of ${tenant} is erased for good. Type ${contact} to erase it: `,
  );
  if (answer !== contact) throw new OperatorError('Nothing was erased.');
}

function stepInWords(step: ErasureStep): string {
  return step.step === 'erased'
    ? `Erased ${counted(step.chats, 'chat')}…`
    : `Waiting ${Math.round(step.ms / 1000)} s for functions that may still be writing…`;
}

function asJson(erased: ErasedContact, tidied: Tidied | undefined, { blind }: Asked): string {
  const { chats, messages, bubbles, otherItems, events, isRestless } = erased;
  return `${JSON.stringify({
    chats: chats.map(pseudonyms.ofChat),
    messages,
    bubbles,
    otherItems,
    events,
    // Kept events lie by account: those of a number whose account is not known are not found.
    eventsSearched: blind.length === 0,
    complete: !isRestless,
    deadLetterQueue: tidied ?? null,
  })}\n`;
}

function inWords(erased: ErasedContact, { tenant, numbers }: Asked): string {
  const { chats, messages, bubbles, otherItems, events } = erased;
  const kept = counted(events, 'kept event');
  if (chats.length === 0) {
    const besides = events > 0 ? `, but for ${kept}, erased now` : '';
    const where = numbers.length === 0 ? 'it has no number' : `numbers: ${numbers.join(' ')}`;
    return `Nothing is known of this contact at ${tenant} (${where})${besides}. A number that is no more its own is looked at with --number.\n`;
  }
  const other = otherItems > 0 ? `, ${counted(otherItems, 'other item')}` : '';
  return `Erased ${counted(chats.length, 'chat')}: ${counted(messages, 'message')}, ${counted(bubbles, 'bubble')}${other}; ${kept}.
What stays for 31 days: that there was a chat, so that what Meta still delivers of it is not answered.
`;
}

function ringsInWords(tidied: Tidied | undefined): string {
  if (!tidied || tidied.removed === 0) return '';
  return `Removed ${counted(tidied.removed, 'ring')} of it from the dead-letter queue.\n`;
}

function problemsOf(
  { chats, isRestless }: ErasedContact,
  { blind, own, tenant, doubts }: Asked,
): readonly string[] {
  const problems = [...doubts];
  if (isRestless) {
    problems.push('Something of the contact is written again and again: run the same later.');
  }
  if (chats.length > 0 && blind.some((each) => own.has(each))) {
    problems.push(
      'The account of a number is not known, so events kept of it were not looked through; each goes within 30 days. Say it with npx concierge tenant set --number <id>:<account>, and run the same again.',
    );
  }
  const foreign = blind.filter((each) => !own.has(each));
  if (chats.length > 0 && foreign.length > 0) {
    problems.push(
      `${foreign.join(' ')} is not ${tenant}'s now, so events kept of its account were not looked through; each goes within 30 days.`,
    );
  }
  return problems;
}

function problemsOfRings({ notTaken, unreadable }: Tidied): readonly string[] {
  const problems: string[] = [];
  if (notTaken > 0) {
    problems.push(
      `The queue did not take ${counted(notTaken, 'ring')} of what was written meanwhile: run npx concierge dead-letters redrive.`,
    );
  }
  if (unreadable > 0) {
    problems.push(
      `${counted(unreadable, 'ring')} of the dead-letter queue cannot be read by this release and may be of this contact: run the same with the release that is deployed.`,
    );
  }
  return problems;
}
