import type { Answer } from '#domain/conversation/answer.ts';
import type { PromptMessage } from '#domain/conversation/prompt.ts';
import type { WithheldBecause } from '#domain/conversation/screen-answer.ts';
import type { Failure } from '#domain/failure.ts';
import type { TokenUsage } from '#domain/money/model-cost.ts';
import type { Effort, Moderation } from '#domain/tenant/manners-settings.ts';

export interface ModelRequest {
  readonly model: string;
  readonly instructions: string;
  readonly conversation: readonly PromptMessage[];
  /** What its messages show, by where each is kept. @default none */
  readonly images?: ReadonlyMap<string, Uint8Array>;
  readonly effort: Effort;
  /** Reasoning included. */
  readonly maxOutputTokens: number;
  /** Stable, meaningless to outsiders, one per chat: for the provider's abuse detection. */
  readonly safetyIdentifier: string;
  /** One per tenant: keeps the provider's prompt cache warm for the static part. */
  readonly cacheKey: string;
  /** What the provider's own moderation is to do, in the same call. */
  readonly moderation: Moderation;
  readonly timeoutMs: number;
}

/** What moderation can speak of. */
export type Moderated = 'input' | 'output';

export type ModelReply =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** What moderation has flagged, where it is only counted. */
      readonly flagged?: readonly Moderated[] | undefined;
      /** Undefined where the peer does not say. */
      readonly usage: TokenUsage | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Nothing failed: what was said, or is answered, must not be. */
      readonly stopped?: Stopped | undefined;
      /** Where the peer answered, and so was paid. */
      readonly usage?: TokenUsage | undefined;
      /** The peer was not even asked, since it is known not to answer now. */
      readonly isUntried?: true;
    };

/** By the provider's moderation, or by our own look at the answer. */
export type Stopped =
  | { readonly by: 'moderation'; readonly at: Moderated }
  | { readonly by: 'screen'; readonly because: WithheldBecause };

/** The language model that writes replies. Failures are values, classified by the adapter. */
export interface ReplyModel {
  reply(request: ModelRequest): Promise<ModelReply>;
}
