/**
 * What a failure of a peer asks for (docs/architecture.md, "When things fail"). Each adapter decides it
 * in one place by error code; nobody else looks at codes.
 */
export type FailureClass = 'retry' | 'reply-anyway' | 'give-up-here' | 'fix-needed';

export interface Failure {
  readonly class: FailureClass;
  /** Stable word or number for logs and records, such as `graph:131047` or `openai:429`; no free text. */
  readonly code: string;
  /** What helps, where a `fix-needed` says so: another token, or money and a higher limit. */
  readonly remedy?: 'token' | 'quota' | undefined;
  /** Every message of the account is concerned, not only this one. */
  readonly isOfTheAccount?: true | undefined;
  /** Only this customer is concerned: too many messages to one of them. */
  readonly isOfThePair?: true | undefined;
  /** What a message has beside its words may be at fault: its words alone may be taken. */
  readonly isOfTheForm?: true | undefined;
  /** The peer may have done, and charged for, what it was asked: its answer is all that got lost. */
  readonly mayHaveCost?: true | undefined;
  /** The peer's own wish, where it stated one. */
  readonly retryAfterMs?: number | undefined;
}
