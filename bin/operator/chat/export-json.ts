import type { ExportedContact, ExportedPart } from '#app/export-chat.ts';
import { exportedItem } from '#operator/archive-view.ts';
import type { ExportCounts } from './export-chat.ts';
import type { ExportFile } from './export-file.ts';

/** Whose export it is, and of when. */
export interface ExportAbout extends ExportedContact {
  readonly exportedAtMs: number;
}

/** What `v` stands for is in docs/export.md; a change that a reader would notice raises it. */
const VERSION = 1;

/** The export as one JSON document, written piece by piece, an item a line. */
export class JsonExport {
  readonly #file: ExportFile;
  readonly #about: ExportAbout;
  /** What has to be closed before the next part, and by which part it was opened. */
  #open: 'nothing' | 'chat' | 'events' = 'nothing';
  #isFirst = true;

  constructor(file: ExportFile, about: ExportAbout) {
    this.#file = file;
    this.#about = about;
  }

  begin(): Promise<void> {
    const { tenant, contact, exportedAtMs } = this.#about;
    const head = {
      schema: 'whatsapp-concierge/contact-export',
      v: VERSION,
      exportedAt: new Date(exportedAtMs).toISOString(),
      tenant,
      contact,
    };
    return this.#file.write(`${JSON.stringify(head).slice(0, -1)},\n"chats":[`);
  }

  async add(part: ExportedPart): Promise<void> {
    switch (part.kind) {
      case 'chat': {
        const opening = JSON.stringify(part.chat).slice(0, -1);
        await this.#file.write(`${this.#open === 'chat' ? ']},' : ''}\n${opening},"items":[`);
        this.#open = 'chat';
        this.#isFirst = true;
        return;
      }
      case 'item':
        return this.#element(exportedItem(part.item));
      case 'event': {
        const { receivedAtMs, ...event } = part.event;
        if (this.#open !== 'events') await this.#openEvents();
        return this.#element({ receivedAt: new Date(receivedAtMs).toISOString(), ...event });
      }
    }
  }

  async end(counts: ExportCounts): Promise<void> {
    if (this.#open !== 'events') await this.#openEvents();
    await this.#file.write(`],\n"counts":${JSON.stringify(counts)},"complete":true}\n`);
  }

  async #openEvents(): Promise<void> {
    await this.#file.write(`${this.#open === 'chat' ? ']}' : ''}],\n"events":[`);
    this.#open = 'events';
    this.#isFirst = true;
  }

  async #element(value: object): Promise<void> {
    await this.#file.write(`${this.#isFirst ? '' : ','}\n${JSON.stringify(value)}`);
    this.#isFirst = false;
  }
}
