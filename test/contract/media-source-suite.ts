import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaSource, WantedMedium } from '#app/ports/media-source.ts';
import { PHONE_NUMBER_ID, TENANT_ID } from '#test/support/builders.ts';
import { aPng } from '#test/support/files.ts';

export interface SourceStage {
  readonly source: MediaSource;
  /** A customer sends these bytes. @returns the id of the file */
  sent(bytes: Buffer): string;
  close(): Promise<void>;
}

export function wantedMedium(mediaId: string, over: Partial<WantedMedium> = {}): WantedMedium {
  return {
    tenantId: TENANT_ID,
    phoneNumberId: PHONE_NUMBER_ID,
    mediaId,
    sha256: undefined,
    mostBytes: 1_000_000,
    timeoutMs: 5_000,
    ...over,
  };
}

/** What the way to customers' files promises, whatever it is made of. */
export function describeMediaSource(name: string, makeStage: () => Promise<SourceStage>): void {
  describe(name, () => {
    let stage: SourceStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('fetches what was sent', async () => {
      const fetched = await stage.source.fetch(wantedMedium(stage.sent(aPng('hello'))));
      const bytes = fetched.kind === 'fetched' ? Buffer.from(fetched.bytes) : fetched;
      expect(bytes).toEqual(aPng('hello'));
    });

    it('reads no more than is wanted', async () => {
      const id = stage.sent(aPng('x'.repeat(2_000)));
      const wanted = wantedMedium(id, { mostBytes: 1_000 });
      expect(await stage.source.fetch(wanted)).toEqual({ kind: 'too-large' });
    });

    it('gives up on what is not there', async () => {
      expect(await stage.source.fetch(wantedMedium('900000000000001'))).toMatchObject({
        kind: 'failed',
        failure: { class: 'give-up-here' },
      });
    });
  });
}
