import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import {
  ChatBusyError,
  type ErasedContact,
  type ErasureStep,
  eraseContact,
} from '#app/erase-contact.ts';
import { type Tidied, tidyDeadRings } from '#app/tidy-dead-rings.ts';
import { processorTimeoutSeconds } from '#lib/config/stages.ts';
import type { CommandDeps, Finish } from '#operator/command-line.ts';
import type { Application } from '#operator/connect.ts';
import { explainError } from '#operator/explain-error.ts';
import { OperatorError, UsageError } from '#operator/operator-error.ts';
import { ProgressLine } from '#operator/progress-line.ts';
import type { TargetOptions } from '#operator/target.ts';
import type { Terminal } from '#operator/terminal.ts';
import {
  asJson,
  inWords,
  problemsOf,
  problemsOfRings,
  ringsInWords,
  stepInWords,
} from './erasure-view.ts';
import { type Asked, askFor, type ContactOptions, readWish } from './find-chat.ts';

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
  const wish = readWish(name, options);
  if (!options.yes && !terminal.hasPerson) {
    throw new UsageError('What was said would be gone for good. Say --yes to erase it.');
  }
  const { target, tenant, subject } = wish;
  const application = await connect(target, { tenant, subject });
  const progress = new ProgressLine(terminal);
  try {
    const asked = await askFor(wish, application);
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
    const found = problemsOf(erased, asked);
    for (const problem of found) terminal.err(`concierge: ${problem}\n`);
    const tidied = await tidy(erased, { application, progress }, (rings) => {
      terminal.out(options.json ? asJson(erased, rings, asked) : ringsInWords(rings));
    });
    const left = problemsOfRings(tidied);
    for (const problem of left) terminal.err(`concierge: ${problem}\n`);
    finish(found.length + left.length > 0 ? 1 : 0);
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
  const { erasable: chats, media } = application;
  const wish = { ...asked, phoneNumberIds: numbers, accountIds: accounts };
  try {
    return await eraseContact(wish, { chats, media, pause, settleMs: SETTLE_MS }, report);
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
