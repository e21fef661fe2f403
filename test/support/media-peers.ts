import type { DocumentReader, DocumentText, DocumentToRead } from '#app/ports/document-reader.ts';
import type { FetchedMedium, MediaSource, WantedMedium } from '#app/ports/media-source.ts';
import type { Recording, Transcriber, Transcription } from '#app/ports/transcriber.ts';

/** Files by their ids, each as often as it is wanted, unless a test says otherwise for the next calls. */
export class ScriptedSource implements MediaSource {
  readonly files = new Map<string, Uint8Array>();
  readonly wanted: WantedMedium[] = [];
  readonly next: FetchedMedium[] = [];

  async fetch(wanted: WantedMedium): Promise<FetchedMedium> {
    this.wanted.push(wanted);
    const scripted = this.next.shift();
    if (scripted) return scripted;
    const bytes = this.files.get(wanted.mediaId);
    if (!bytes) return { kind: 'failed', failure: { class: 'give-up-here', code: 'graph:100' } };
    return bytes.length > wanted.mostBytes ? { kind: 'too-large' } : { kind: 'fetched', bytes };
  }
}

/** Hears in every recording what its bytes spell, unless a test says otherwise for the next calls. */
export class ScriptedTranscriber implements Transcriber {
  readonly heard: Recording[] = [];
  readonly next: (Transcription | 'crash')[] = [];

  async transcribe(recording: Recording): Promise<Transcription> {
    this.heard.push(recording);
    const scripted = this.next.shift();
    if (scripted === 'crash') throw new Error('crash after the transcription');
    const text = new TextDecoder()
      .decode(recording.bytes)
      .replace(/[^ -~]/g, '')
      .slice(-40);
    return scripted ?? { kind: 'text', text: `heard: ${text}`, seconds: 2 };
  }
}

/** Finds in every document what its bytes spell, unless a test says otherwise for the next calls. */
export class ScriptedDocuments implements DocumentReader {
  readonly documents: DocumentToRead[] = [];
  readonly next: DocumentText[] = [];

  async read(document: DocumentToRead): Promise<DocumentText> {
    this.documents.push(document);
    const text = new TextDecoder().decode(document.bytes).slice(0, document.mostCharacters);
    return this.next.shift() ?? { kind: 'text', text, isCut: false };
  }
}
