import type { ExportedPart } from '#app/export-chat.ts';
import type { ArchivedItem, ArchivedMessage } from '#app/ports/chat-archive.ts';
import { isMoved, messageView, wordsOf } from '#operator/archive-view.ts';
import { withoutControls } from '#operator/terminal.ts';
import type { ExportFile } from './export-file.ts';
import type { ExportAbout } from './export-json.ts';

/** The export for people: who said what when. What has no words is named, and is whole in the JSON. */
export class TextExport {
  readonly #file: ExportFile;
  readonly #about: ExportAbout;

  constructor(file: ExportFile, about: ExportAbout) {
    this.#file = file;
    this.#about = about;
  }

  begin(): Promise<void> {
    const { tenant, contact, exportedAtMs } = this.#about;
    const at = new Date(exportedAtMs).toISOString();
    return this.#file.write(
      `What ${tenant} has stored about ${contact}, as of ${at}. All times are UTC.\n`,
    );
  }

  add(part: ExportedPart): Promise<void> {
    return this.#file.write(textOf(part));
  }

  end(): Promise<void> {
    return this.#file.write('\nEnd of the export.\n');
  }
}

function textOf(part: ExportedPart): string {
  switch (part.kind) {
    case 'chat':
      return `\nWith number ${part.chat.phoneNumberId}, as ${part.chat.contact}\n\n`;
    case 'item':
      return itemInWords(part.item);
    case 'event': {
      const at = new Date(part.event.receivedAtMs).toISOString();
      return `\n${at}  event ${withoutControls(part.event.field)}: see the JSON file\n`;
    }
  }
}

function itemInWords(item: ArchivedItem): string {
  switch (item.kind) {
    case 'head':
      return item.head.movedTo === undefined
        ? ''
        : `(This contact is ${item.head.movedTo} now, and the conversation goes on there.)\n\n`;
    case 'message':
      // It stands where it went on.
      if (isMoved(item.message)) return '';
      return item.message.message.command ? ordered(item) : said('customer', item);
    case 'bubble':
      return said(item.bubble.author ?? 'business', item);
    case 'preference':
      return `(Marketing messages: ${item.choice.kind}.)\n`;
    case 'memory':
      return `(Remembered, ${item.memory.category ?? item.memory.kind}: ${withoutControls(item.memory.text)})\n`;
    case 'memory-book':
      return '';
    case 'other':
      return `(An item of another kind, ${withoutControls(item.key)}: see the JSON file.)\n`;
  }
}

/** What somebody of the business did; their words, where they are not a bubble. */
function ordered(item: Extract<ArchivedItem, { kind: 'message' }>): string {
  const { command } = item.message.message;
  if (!command || command.kind === 'idle') return '';
  const by = withoutControls(command.by);
  if (command.kind === 'echo') return said('person', item);
  return `(${command.kind} by ${by}, ${messageView(item).at}.)\n`;
}

function said(by: 'customer' | 'business' | 'person', item: ArchivedMessage): string {
  const { at, outcome } = messageView(item);
  const words = wordsOf(item);
  const type = item.kind === 'message' ? item.message.message.type : 'text';
  const lines = withoutControls(words ?? `(${type}, without words)`).split('\n');
  return `${at}  ${by}  [${withoutControls(outcome)}]\n${lines.map((line) => `    ${line}`.trimEnd()).join('\n')}\n`;
}
