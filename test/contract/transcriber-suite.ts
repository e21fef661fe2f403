import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recording, Transcriber } from '#app/ports/transcriber.ts';
import { aVoiceNote } from '#test/support/files.ts';

export interface TranscriberStage {
  readonly transcriber: Transcriber;
  /** The next calls fail so. */
  failNext(fault: 'busy' | 'key-refused' | 'silent'): void;
  close(): Promise<void>;
}

export function aRecording(over: Partial<Recording> = {}): Recording {
  return {
    model: 'gpt-transcribe',
    bytes: aVoiceNote(2, 'said: two loaves'),
    fileName: 'voice.ogg',
    timeoutMs: 5_000,
    ...over,
  };
}

/** What whoever writes recordings down promises. */
export function describeTranscriber(
  name: string,
  makeStage: () => Promise<TranscriberStage>,
): void {
  describe(name, () => {
    let stage: TranscriberStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('writes down what is said, and how long it lasted', async () => {
      const said = await stage.transcriber.transcribe(aRecording());
      expect(said).toMatchObject({ kind: 'text', seconds: expect.any(Number) });
      expect(said.kind === 'text' && said.text).toContain('two loaves');
    });

    it.each([
      ['busy', 'retry'],
      ['key-refused', 'fix-needed'],
    ] as const)('tells that it is %s as a value', async (fault, failureClass) => {
      stage.failNext(fault);
      expect(await stage.transcriber.transcribe(aRecording())).toMatchObject({
        kind: 'failed',
        failure: { class: failureClass },
      });
    });

    it('ends within its time, and may have cost something', async () => {
      stage.failNext('silent');
      expect(await stage.transcriber.transcribe(aRecording({ timeoutMs: 60 }))).toMatchObject({
        kind: 'failed',
        failure: { class: 'retry', mayHaveCost: true },
      });
    });
  });
}
