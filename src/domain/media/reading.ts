import type { ContentType } from './content-type.ts';

/** A file of a customer's as it is kept. */
export interface KeptObject {
  /** Where it is kept. */
  readonly key: string;
  readonly type: ContentType;
  readonly bytes: number;
}

/**
 * Why the assistant knows nothing of what is in a file:
 * - `too-large`, `too-long`: beyond what is fetched, or listened to
 * - `gone`: Meta has it no more, or never could take it
 * - `damaged`: it is not what was sent
 * - `unsupported`: nothing here reads such a file (video above all)
 * - `switched-off`: the business wants such files left alone
 * - `unreadable`: it is locked, or holds no words
 * - `too-dear`: no budget has room
 * - `unavailable`: whoever reads it did not answer in time
 */
export const UNREAD_REASONS = [
  'too-large',
  'too-long',
  'gone',
  'damaged',
  'unsupported',
  'switched-off',
  'unreadable',
  'too-dear',
  'unavailable',
] as const;
export type UnreadReason = (typeof UNREAD_REASONS)[number];

/**
 * What became of a file that a customer sent; kept with its message, so that nothing is fetched or paid for
 * again.
 * - `begun`: it is kept, and its reading was begun so often
 * - `image`: the model looks at it itself
 * - `text`: what is said in it, or stands in it
 */
export type MediaReading =
  | { readonly kind: 'begun'; readonly object: KeptObject; readonly tries: number }
  | { readonly kind: 'image'; readonly object: KeptObject }
  | {
      readonly kind: 'text';
      readonly object: KeptObject;
      readonly text: string;
      /** There is more of it than is kept here. */
      readonly isCut: boolean;
    }
  | {
      readonly kind: 'unread';
      readonly object: KeptObject | undefined;
      readonly why: UnreadReason;
    };

/** Nothing more is done about it. */
export function isSettled(reading: MediaReading | undefined): boolean {
  return reading !== undefined && reading.kind !== 'begun';
}
