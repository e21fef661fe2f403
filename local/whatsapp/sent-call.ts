import type { GraphErrorObject } from './graph-error.ts';

/** One call of `POST /messages`, as the local contract lists it. */
export interface SentCall {
  readonly at: number;
  readonly phone_number_id: string;
  /** The JSON body; what was not a JSON object stands here as its text. */
  readonly body: unknown;
  /** Id of the message that was accepted; null for a read receipt and for a refusal. */
  readonly wamid: string | null;
  readonly error: GraphErrorObject | null;
}
