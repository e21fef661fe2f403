import type { RecordedReading } from '#app/ports/conversation-store.ts';
import type { WantedMedium } from '#app/ports/media-source.ts';
import type { Recording } from '#app/ports/transcriber.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { isSettled, type MediaReading } from '#domain/media/reading.ts';
import { VOICE } from '../peers/simulated-files.ts';
import { voiceIn } from '../peers/simulated-transcriber.ts';
import type { CallFault } from '../plan/fault.ts';
import type { PlannedMessage } from '../plan/schedule.ts';
import type { Notebook } from './notebook.ts';

/** Wherever a process dies, a voice note is listened to no more often. */
const MOST_PAID = 3;
const WITH_FILES = ['image', 'document', 'voice'];

/** Files that customers sent: fetched once, paid for once, and never forgotten. */
export class MediaBook {
  readonly #notebook: Notebook;
  readonly #kept = new Set<string>();
  readonly #heard = new Set<string>();
  readonly #paid = new Map<string, number>();

  constructor(notebook: Notebook) {
    this.#notebook = notebook;
  }

  wanted({ mediaId }: WantedMedium): void {
    if (VOICE.test(mediaId) && this.#kept.has(mediaId) && !this.#mayOverlap(mediaId)) {
      this.#notebook.note('other', `the file ${mediaId} was fetched again`);
    }
  }

  toBeHeard(recording: Recording): void {
    const voice = voiceIn(recording);
    if (this.#heard.has(voice) && !this.#mayOverlap(voice)) {
      this.#notebook.note('other', `${voice} was listened to again`);
    }
  }

  /** Paid for also where nobody hears the answer; an error in its place costs nothing. */
  heard(recording: Recording, fault: CallFault | undefined): void {
    if (fault === 'error-after') return;
    const voice = voiceIn(recording);
    this.#paid.set(voice, (this.#paid.get(voice) ?? 0) + 1);
  }

  recorded(
    result: RecordedReading,
    planned: PlannedMessage | undefined,
    reading: MediaReading,
  ): void {
    if (result !== 'recorded' || planned?.type !== 'voice') return;
    this.#kept.add(`voice-${planned.id}`);
    if (reading.kind === 'text') this.#heard.add(`voice-${planned.id}`);
  }

  judgePaid(): void {
    for (const [voice, times] of this.#paid) {
      if (times > MOST_PAID && !this.#mayOverlap(voice)) {
        this.#notebook.note('other', `${voice} cost ${times} transcriptions`);
      }
    }
  }

  /** Whatever a message ended as, its file was seen to before. */
  judge(message: PlannedMessage, { reading, progress }: StoredInbound): void {
    if (!WITH_FILES.includes(message.type) || progress.kind !== 'finished') return;
    if (reading === undefined) {
      this.#notebook.note('lost', `the file of message ${message.id} was never seen to`);
    }
    // What is answered by saying that there will be no more answers, or that a person comes, needs no reading.
    const isHeard = !this.#notebook.schedule.messages.some(
      ({ customer, type }) =>
        customer === message.customer && (type === 'stop' || type === 'wants-person'),
    );
    if (progress.outcome === 'answered' && isHeard && !isSettled(reading)) {
      this.#notebook.note('lost', `message ${message.id} was answered before its file was read`);
    }
  }

  /** Of two workers that live at once each may do what the other has done. */
  #mayOverlap(voice: string): boolean {
    const { schedule } = this.#notebook;
    const areTwo = schedule.faults.some(
      (each) => each.kind === 'purge' || (each.kind === 'call' && each.fault.startsWith('freeze')),
    );
    return areTwo || this.#hasTwoChats(voice);
  }

  /** Of a customer who is known by two ids each chat has its worker, until they are linked. */
  #hasTwoChats(voice: string): boolean {
    const { messages } = this.#notebook.schedule;
    const id = Number(voice.slice(voice.indexOf('-') + 1));
    const customer = messages.find((each) => each.id === id)?.customer;
    const ids = messages.filter((each) => each.customer === customer).map((each) => each.ids);
    return new Set(ids).size > 1;
  }
}
