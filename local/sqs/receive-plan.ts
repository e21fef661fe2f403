import type { QueueDefinition } from './queue-definition.ts';
import type { LongPoll } from './receivers.ts';
import { invalidParameter } from './sqs-error.ts';
import { checkVisibility } from './visibility.ts';

export interface ReceiveOptions {
  /** 1 to 10, 1 by default. */
  readonly maxMessages?: number | undefined;
  /** The queue's visibility timeout by default. */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** 0 to 20, the queue's by default. */
  readonly waitSeconds?: number | undefined;
}

/** @throws SqsError for what ReceiveMessage refuses */
export function receivePlan(options: ReceiveOptions, queue: QueueDefinition): LongPoll {
  const limit = options.maxMessages ?? 1;
  const waitSeconds = options.waitSeconds ?? queue.waitSeconds;
  const visibilitySeconds = options.visibilityTimeoutSeconds ?? queue.visibilityTimeoutSeconds;
  checkRange('MaxNumberOfMessages', limit, 1, 10);
  checkRange('WaitTimeSeconds', waitSeconds, 0, 20);
  checkVisibility(visibilitySeconds);
  return { limit, visibilitySeconds, waitMs: waitSeconds * 1000 };
}

function checkRange(parameter: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw invalidParameter(
    `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${minimum} and ${maximum}, if provided.`,
  );
}
