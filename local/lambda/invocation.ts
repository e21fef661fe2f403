import type { RunResult } from './execution-environment.ts';

/** Largest event and largest result of a synchronous invocation, in bytes (6 MB, as Lambda's quota). */
export const PAYLOAD_LIMIT = 6 * 1024 * 1024;

/** Who asked for an invocation. */
export type InvocationSource = 'http' | 'sqs' | 'schedule' | 'direct';

/** How an invocation ended for who asked for it. */
export type InvokeOutcome =
  | RunResult
  /** No concurrency was left: nothing ran. */
  | { readonly kind: 'throttled' }
  /** The Lambda service itself failed with this HTTP status; the function may have run. */
  | { readonly kind: 'refused'; readonly status: number };

/** What a watcher is told about invocations. */
export type InvocationEvent = {
  readonly atMs: number;
  readonly functionName: string;
  readonly requestId: string;
  readonly source: InvocationSource;
} & (
  | { readonly kind: 'started'; readonly environmentId: string; readonly coldStart: boolean }
  | {
      readonly kind: 'finished';
      readonly outcome: 'returned' | 'failed';
      /** For example `Runtime.ExitError`; undefined where it returned. */
      readonly errorType: string | undefined;
      readonly durationMs: number;
    }
  | { readonly kind: 'throttled' }
);

/** One line that a function wrote, or that the platform wrote about it. */
export interface LogLine {
  readonly functionName: string;
  readonly environmentId: string | undefined;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  readonly text: string;
}
