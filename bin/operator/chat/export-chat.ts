import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import { type ExportedContact, exportChat } from '#app/export-chat.ts';
import type { AuditedApplication } from '#operator/audit-session.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { counted } from '#operator/plain-text.ts';
import { ProgressLine } from '#operator/progress-line.ts';
import type { TargetOptions } from '#operator/target.ts';
import { JsonExport } from './export-json.ts';
import { createFiles, type ExportFiles } from './export-place.ts';
import { TextExport } from './export-text.ts';
import { askFor, type ContactOptions, nothingStored, readWish } from './find-chat.ts';

interface ExportOptions extends TargetOptions, ContactOptions {
  readonly to: string;
}

/** `concierge chat export`. */
export async function exportChatCommand(
  name: string,
  options: ExportOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const wish = readWish(name, options);
  const { target, tenant, subject } = wish;
  const progress = new ProgressLine(terminal);
  const files = await createFiles(options.to, `${tenant}-${subject.slice(0, 12)}`);
  const paths = [files.json.path, files.text.path];
  try {
    const application = await connect(target, { tenant, subject });
    try {
      const asked = await askFor(wish, application);
      const counts = await write(asked, application, { files, progress });
      progress.clear();
      for (const doubt of asked.doubts) terminal.err(`concierge: ${doubt}\n`);
      if (counts.chats === 0 && counts.events === 0) throw nothingStored(asked, target);
      for (const file of [files.json, files.text]) await file.close();
      terminal.out(
        options.json
          ? `${JSON.stringify({ tenant, files: paths, ...counts })}\n`
          : `Wrote ${paths.join(' and ')}: ${countsInWords(counts)}.\nThey hold what the customer wrote: hand them over safely, and delete them then.\n`,
      );
    } finally {
      application.close();
    }
  } catch (error) {
    progress.clear();
    await files.sent.discard();
    const gone = await Promise.all([files.json.discard(), files.text.discard()]);
    const left = paths.filter((_, index) => !gone[index]);
    if (left.length > 0)
      terminal.err(`concierge: Half written, to be deleted: ${left.join(' ')}\n`);
    throw error;
  }
}

const PROGRESS_EVERY = 500;

export interface ExportCounts {
  chats: number;
  messages: number;
  bubbles: number;
  memories: number;
  other: number;
  events: number;
  /** Pictures, voice notes and documents, beside the two. */
  sent: number;
}

/** One part at a time, so that a chat of any length fits into memory. */
async function write(
  asked: ExportedContact,
  application: AuditedApplication,
  { files, progress }: { readonly files: ExportFiles; readonly progress: ProgressLine },
): Promise<ExportCounts> {
  const counts = { chats: 0, messages: 0, bubbles: 0, memories: 0, other: 0, events: 0, sent: 0 };
  const about = { ...asked, exportedAtMs: application.clock.now() };
  const writers = [new JsonExport(files.json, about), new TextExport(files.text, about)];
  const chats: string[] = [];
  for (const writer of writers) await writer.begin();
  let written = 0;
  for await (const part of exportChat(asked, application.archive)) {
    written += 1;
    if (written % PROGRESS_EVERY === 0) progress.show(`Wrote ${counted(written, 'item')}…`);
    if (part.kind === 'chat') chats.push(pseudonyms.ofChat(part.chat));
    const name = COUNTED[part.kind === 'item' ? part.item.kind : part.kind];
    if (name) counts[name] += 1;
    for (const writer of writers) await writer.add(part);
    counts.sent += await files.sent.add(part, application.media);
  }
  application.note({ chats });
  for (const writer of writers) await writer.end(counts);
  return counts;
}

const COUNTED = {
  chat: 'chats',
  // Each chat has one of each at most.
  head: undefined,
  preference: undefined,
  'memory-book': undefined,
  memory: 'memories',
  message: 'messages',
  bubble: 'bubbles',
  other: 'other',
  event: 'events',
} as const;

function countsInWords(counts: ExportCounts): string {
  const { chats, messages, bubbles, other, events } = counts;
  const parts = [
    counted(messages, 'message'),
    counted(bubbles, 'bubble'),
    counted(other, 'other item'),
    `of ${counted(chats, 'chat')}`,
  ];
  const besides = events > 0 ? `, and ${counted(events, 'event')}` : '';
  const sent =
    counts.sent > 0 ? `; beside them ${counted(counts.sent, 'file')} of the customer's` : '';
  return `${parts.slice(0, 3).join(', ')} ${parts[3]}${besides}${sent}`;
}
