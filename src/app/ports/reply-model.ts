import type { Answer } from '#domain/conversation/answer.ts';
import type { PromptMessage } from '#domain/conversation/prompt.ts';
import type { Failure } from '#domain/failure.ts';
import type { TokenUsage } from '#domain/money/model-cost.ts';

export interface ModelRequest {
  readonly model: string;
  readonly instructions: string;
  readonly conversation: readonly PromptMessage[];
  readonly effort: ReasoningEffort;
  /** Reasoning included. */
  readonly maxOutputTokens: number;
  /** Stable, meaningless to outsiders, one per chat: for the provider's abuse detection. */
  readonly safetyIdentifier: string;
  /** One per tenant: keeps the provider's prompt cache warm for the static part. */
  readonly cacheKey: string;
  readonly timeoutMs: number;
}

/** How long the model thinks before it answers; what it thinks is paid for. */
type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high';

export type ModelReply =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** Undefined where the peer does not say. */
      readonly usage: TokenUsage | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Where the peer answered, and so was paid. */
      readonly usage?: TokenUsage | undefined;
      /** The peer was not even asked, since it is known not to answer now. */
      readonly isUntried?: true;
    };

/** The language model that writes replies. Failures are values, classified by the adapter. */
export interface ReplyModel {
  reply(request: ModelRequest): Promise<ModelReply>;
}
