import type { Failure } from '#domain/failure.ts';
import type { Extraction } from '#domain/memory/learn.ts';
import type { MemoryQuestion } from '#domain/memory/questions.ts';
import type { TokenUsage } from '#domain/money/model-cost.ts';

export interface MemoryRequest extends MemoryQuestion {
  readonly model: string;
  readonly maxOutputTokens: number;
  /** As of the chat's turns: for the provider's abuse detection. */
  readonly safetyIdentifier: string;
  readonly timeoutMs: number;
}

export type MemoryReply<Said> =
  | {
      readonly kind: 'said';
      readonly said: Said;
      /** Undefined where the peer does not say. */
      readonly usage: TokenUsage | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Where the peer answered, and so was paid. */
      readonly usage?: TokenUsage | undefined;
    };

/** The language model that reads conversations for what is to be remembered. Failures are values. */
export interface MemoryModel {
  /** What new messages tell of the customer. */
  extract(request: MemoryRequest): Promise<MemoryReply<Extraction>>;
  /** The summary so far, with what has left the prompt. */
  summarise(request: MemoryRequest): Promise<MemoryReply<string>>;
}
