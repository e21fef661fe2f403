import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { readText } from '#domain/whatsapp/message-text.ts';
import type { CommandDeps } from '#operator/command-line.ts';
import { checkName, findByName } from '#operator/find-by-name.ts';
import { OperatorError } from '#operator/operator-error.ts';
import { ageInWords, tableOf } from '#operator/plain-text.ts';
import { readTarget, type TargetOptions } from '#operator/target.ts';
import { withoutControls } from '#operator/terminal.ts';
import { viewOf } from './parked-view.ts';

interface ShowOptions extends TargetOptions {
  readonly text?: boolean;
}

/** `concierge dead-letters show`. */
export async function showDeadLetter(
  name: string,
  options: ShowOptions,
  { terminal, connect }: CommandDeps,
): Promise<void> {
  const target = readTarget(options);
  checkName(name);
  const application = await connect(target, { subject: name });
  try {
    const found = findByName(await application.parked.listParked(), name, target);
    const stored = await application.parked.readMessage(found.chat, found.key);
    if (!stored) throw new OperatorError('The message is gone: its retention is over.');
    application.note({ chats: [pseudonyms.ofChat(found.chat)] });
    const fields = {
      ...viewOf(found, application.clock.now()),
      type: stored.message.type,
      sentAt: new Date(stored.message.sentAtMs).toISOString(),
      progress: stored.progress.kind,
      ...(options.text && { contact: contactsOf(stored).join(' '), text: textOf(stored) }),
    };
    terminal.out(options.json ? `${JSON.stringify(fields)}\n` : inWords(fields));
  } finally {
    application.close();
  }
}

/** Under which ids the contact is known, for `concierge chat`: that of the chat first. */
function contactsOf({ message }: StoredInbound): readonly string[] {
  const ids = [message.chat.contact, message.userId, message.waId];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** In words as the model gets it; null for a type that has none. */
function textOf({ message }: StoredInbound): string | null {
  return readText(message) || null;
}

function inWords({
  text,
  ageSeconds,
  ...fields
}: ReturnType<typeof viewOf> & { readonly text?: string | null }): string {
  const rows = Object.entries({ ...fields, age: ageInWords(ageSeconds) }).map(([name, value]) => [
    name,
    withoutControls(String(value)),
  ]);
  const table = tableOf(rows);
  if (text === undefined) return table;
  return `${table}\n${text === null ? '(It has no text.)' : withoutControls(text)}\n`;
}
