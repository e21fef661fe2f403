import { Worker } from 'node:worker_threads';
import type { DocumentReader, DocumentText, DocumentToRead } from '#app/ports/document-reader.ts';
import { isObject } from '#domain/json.ts';

export interface WorkerDocumentReaderOptions {
  /** Where the worker's code lies: pdf-worker.ts, or what it was bundled to. */
  readonly workerUrl: URL;
  /** By so much the process may grow while a document is read. @default 200 MB */
  readonly mostGrowthBytes?: number;
}

const MEGABYTE = 1024 * 1024;
const HEAP_MB = 128;
/** What is unpacked lies outside of the heap, which alone has a limit: the whole process is watched. */
const LOOK_EVERY_MS = 25;

/**
 * Reads PDFs in a thread of their own, which is ended when its time is up or it takes too much memory: a
 * document may be made to do either. Plain text needs no thread.
 */
export class WorkerDocumentReader implements DocumentReader {
  readonly #options: WorkerDocumentReaderOptions;

  constructor(options: WorkerDocumentReaderOptions) {
    this.#options = options;
  }

  async read(document: DocumentToRead): Promise<DocumentText> {
    switch (document.type) {
      case 'text/plain':
        return found(readPlain(document));
      case 'application/pdf':
        return this.#readPdf(document);
      default:
        return { kind: 'unreadable' };
    }
  }

  async #readPdf({ bytes, mostPages, mostCharacters, timeoutMs }: DocumentToRead) {
    const worker = new Worker(this.#options.workerUrl, {
      workerData: { bytes, mostPages, mostCharacters },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      // What the library prints is no log of ours.
      stdout: true,
      stderr: true,
    });
    try {
      return await this.#outcomeOf(worker, timeoutMs);
    } finally {
      await worker.terminate();
    }
  }

  #outcomeOf(worker: Worker, timeoutMs: number): Promise<DocumentText> {
    const { mostGrowthBytes = 200 * MEGABYTE } = this.#options;
    const mostBytes = process.memoryUsage.rss() + mostGrowthBytes;
    const endsAtMs = performance.now() + timeoutMs;
    return new Promise((resolve) => {
      const watch = setInterval(() => {
        if (performance.now() > endsAtMs) settle({ kind: 'out-of-time' });
        else if (process.memoryUsage.rss() > mostBytes) settle({ kind: 'unreadable' });
      }, LOOK_EVERY_MS);
      function settle(text: DocumentText): void {
        clearInterval(watch);
        resolve(text);
      }
      worker.on('message', (message: unknown) => settle(found(readMessage(message))));
      worker.on('error', () => settle({ kind: 'unreadable' }));
      worker.on('exit', () => settle({ kind: 'unreadable' }));
    });
  }
}

interface Words {
  readonly text: string;
  readonly isCut: boolean;
}

/** A character has four bytes at most: what lies beyond so many of them is not even decoded. */
function readPlain({ bytes, mostCharacters }: DocumentToRead): Words {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * mostCharacters + 4));
  return { text: text.slice(0, mostCharacters).trim(), isCut: text.length > mostCharacters };
}

function readMessage(message: unknown): Words | undefined {
  if (!isObject(message) || typeof message['text'] !== 'string') return undefined;
  return { text: message['text'], isCut: message['isCut'] === true };
}

function found(words: Words | undefined): DocumentText {
  return words && words.text !== '' ? { kind: 'text', ...words } : { kind: 'unreadable' };
}
