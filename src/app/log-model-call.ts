import type { MicroUsd } from '#domain/money/micro-usd.ts';
import type { Log } from './ports/log.ts';

/** A call to the model that took place. */
export interface CalledModel {
  /** What came of it, or what for. */
  readonly kind: 'answer' | 'failed' | 'memory';
  readonly model: string;
  readonly durationMs: number;
  readonly usage:
    | {
        readonly inputTokens: number;
        readonly cachedInputTokens: number;
        readonly outputTokens: number;
      }
    | undefined;
  readonly cost: MicroUsd | undefined;
}

/** A tenant's tokens and dollars are summed from these lines: no metric has a tenant. */
export function logModelCall(log: Log, { usage, ...called }: CalledModel): void {
  log.info('model_called', {
    ...called,
    inputTokens: usage?.inputTokens,
    cachedInputTokens: usage?.cachedInputTokens,
    outputTokens: usage?.outputTokens,
  });
}
