import type { StoredMessage } from './message.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

/** A message can be hidden for so long after it was received, extensions included. */
const LONGEST_VISIBILITY_SECONDS = 43_200;

/** @throws SqsError for a visibility timeout that no call takes */
export function checkVisibility(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_VISIBILITY_SECONDS) return;
  throw invalidParameter(
    `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
  );
}

/** A FIFO queue takes a deletion only from who still holds the message; it was received anew perhaps. */
export function refuseStaleDelete(message: StoredMessage, current: boolean, handle: string): void {
  if (current && message.state === 'in-flight') return;
  throw invalidParameter(
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  );
}

/**
 * When a held message becomes visible after ChangeMessageVisibility.
 *
 * @param message as the caller's receipt handle tells; undefined where it is gone or held by another
 * @throws SqsError where it is not in flight, or would be hidden for more than twelve hours
 */
export function visibilityEnd(
  message: StoredMessage | undefined,
  seconds: number,
  nowMs: number,
): { readonly message: StoredMessage; readonly visibleAtMs: number } {
  checkVisibility(seconds);
  if (!message) {
    throw invalidParameter(
      'Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
    );
  }
  if (message.state !== 'in-flight') {
    throw new SqsError('MessageNotInflight', 'The specified message is not in flight.');
  }
  const visibleAtMs = nowMs + seconds * 1000;
  if (visibleAtMs > message.lastReceivedAtMs + LONGEST_VISIBILITY_SECONDS * 1000) {
    throw invalidParameter(
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    );
  }
  return { message, visibleAtMs };
}
