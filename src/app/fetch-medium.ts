import type { Failure } from '#domain/failure.ts';
import { MOST_BYTES } from '#domain/media/limits.ts';
import type { Medium } from '#domain/media/medium.ts';
import type { UnreadReason } from '#domain/media/reading.ts';
import type { Tenant } from '#domain/tenant/tenant.ts';
import type { ChatWork } from './answer-chat.ts';
import type { Clock } from './ports/clock.ts';
import type { MediaSource } from './ports/media-source.ts';
import type { Metrics } from './ports/metrics.ts';

export interface FetchMediumDeps {
  readonly source: MediaSource;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

interface FetchTask {
  readonly work: ChatWork;
  readonly tenant: Tenant;
  /** What cannot be had now is gone without. */
  readonly isLast: boolean;
  readonly endsAtMs: number;
}

const LONGEST_FETCH_MS = 10_000;
/** Meta's code for a file beyond the 100 MB that it takes. */
const TOO_LARGE = 131052;

/** `unread`: it can never be had, or is gone without. */
export type Got =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'unread'; readonly why: UnreadReason }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The bytes of a file, or why there are none. */
export async function fetchMedium(
  { work, tenant, isLast, endsAtMs }: FetchTask,
  medium: Medium,
  { source, clock, metrics }: FetchMediumDeps,
): Promise<Got> {
  if (medium.id === undefined || medium.errorCode !== undefined) {
    return { kind: 'unread', why: medium.errorCode === TOO_LARGE ? 'too-large' : 'gone' };
  }
  const startedMs = clock.now();
  const fetched = await source.fetch({
    tenantId: tenant.id,
    phoneNumberId: work.chat.phoneNumberId,
    mediaId: medium.id,
    sha256: medium.sha256,
    mostBytes: MOST_BYTES[medium.kind],
    timeoutMs: Math.min(LONGEST_FETCH_MS, endsAtMs - startedMs),
  });
  metrics.duration('MediaFetchTime', clock.now() - startedMs);
  switch (fetched.kind) {
    case 'fetched':
      return fetched;
    case 'too-large':
    case 'damaged':
      return { kind: 'unread', why: fetched.kind };
    case 'failed':
      break;
  }
  const { failure } = fetched;
  metrics.count('MediaFetchFailures');
  if (failure.class === 'give-up-here') return { kind: 'unread', why: 'gone' };
  const isGivenUp = isLast && failure.class !== 'fix-needed';
  return isGivenUp ? { kind: 'unread', why: 'unavailable' } : { kind: 'failed', failure };
}
