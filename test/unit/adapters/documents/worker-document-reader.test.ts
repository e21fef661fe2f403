import { describe, expect, it } from 'vitest';
import { WorkerDocumentReader } from '#adapters/documents/worker-document-reader.ts';
import type { DocumentToRead } from '#app/ports/document-reader.ts';
import { aPdf, aPdfBomb } from '#test/support/files.ts';

const workerUrl = new URL(import.meta.resolve('#adapters/documents/pdf-worker.ts'));
const reader = new WorkerDocumentReader({ workerUrl });

function aDocument(bytes: Uint8Array, over: Partial<DocumentToRead> = {}): DocumentToRead {
  return {
    type: 'application/pdf',
    bytes,
    mostPages: 30,
    mostCharacters: 20_000,
    timeoutMs: 10_000,
    ...over,
  };
}

describe('a PDF', () => {
  it('is read page after page', async () => {
    const pdf = aPdf('Invoice 17 (March)', 'Total 12.50 EUR');
    expect(await reader.read(aDocument(pdf))).toEqual({
      kind: 'text',
      text: 'Invoice 17 (March)\n\nTotal 12.50 EUR',
      isCut: false,
    });
  });

  it('is read up to a number of pages and characters', async () => {
    const pdf = aPdf('one', 'two', 'three');
    const two = { kind: 'text', text: 'one\n\ntwo', isCut: true };
    expect(await reader.read(aDocument(pdf, { mostPages: 2 }))).toEqual(two);
    const start = { kind: 'text', text: 'on', isCut: true };
    expect(await reader.read(aDocument(pdf, { mostCharacters: 2 }))).toEqual(start);
  });

  it('is unreadable where it is broken or has no words', async () => {
    const unreadable = { kind: 'unreadable' };
    expect(await reader.read(aDocument(Buffer.from('%PDF-1.4 nothing else')))).toEqual(unreadable);
    expect(await reader.read(aDocument(aPdf('')))).toEqual(unreadable);
  });

  it('is given up when its time is over', async () => {
    const pdf = aPdf('slow');
    expect(await reader.read(aDocument(pdf, { timeoutMs: 1 }))).toEqual({ kind: 'out-of-time' });
  });

  // Seconds of work, and many where others work too.
  it('is given up when it takes too much memory', { timeout: 20_000 }, async () => {
    const bomb = aPdfBomb(600_000_000);
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage.rss();
    const read = await reader.read(aDocument(bomb));
    expect(read.kind).not.toBe('text');
    expect(process.memoryUsage.rss() - before).toBeLessThan(600_000_000);
  });
});

describe('a text', () => {
  it('is read as it is, up to a number of characters', async () => {
    const text = aDocument(Buffer.from('Größe 42\n'), { type: 'text/plain' });
    expect(await reader.read(text)).toEqual({ kind: 'text', text: 'Größe 42', isCut: false });
    const cut = { kind: 'text', text: 'Grö', isCut: true };
    expect(await reader.read({ ...text, mostCharacters: 3 })).toEqual(cut);
  });
});
