import type { LocalCloud } from './cloud/local-cloud.ts';

/** A message on a dead-letter queue, as the simulator's API shows it. */
export interface DeadLetter {
  readonly queue: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Why the processor parked it; null where the queue itself gave up on it. */
  readonly reason: string | null;
  readonly body: unknown;
}

/** Everything that lies on a queue to which another one redrives. */
export function deadLetters({ sqs }: Pick<LocalCloud, 'sqs'>): readonly DeadLetter[] {
  const targets = sqs.queueNames().map((name) => sqs.attributesOf(name)['RedrivePolicy'] ?? '');
  return sqs
    .queueNames()
    .filter((name) => targets.some((policy) => policy.includes(`"${sqs.arnOf(name)}"`)))
    .flatMap((queue) =>
      sqs.peek(queue).map(({ sentAtMs, attributes, body }) => ({
        queue,
        at: sentAtMs,
        reason: attributes['reason']?.stringValue ?? null,
        body: parsed(body),
      })),
    );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
