import type { Failure } from '#domain/failure.ts';

export interface Recording {
  readonly model: string;
  readonly bytes: Uint8Array;
  /** With the ending that its content has: the peer tells the format by it. */
  readonly fileName: string;
  readonly timeoutMs: number;
}

export type Transcription =
  | {
      readonly kind: 'text';
      /** Empty where nothing is said. */
      readonly text: string;
      /** That the peer counted; undefined where it does not say, or counts otherwise. */
      readonly seconds: number | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** The peer was not even asked, since it is known not to answer now. */
      readonly isUntried?: true;
    };

/** Writes down what is said in a recording. Failures are values, classified by the adapter. */
export interface Transcriber {
  transcribe(recording: Recording): Promise<Transcription>;
}
