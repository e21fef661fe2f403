import { SqsError } from './sqs-error.ts';

/** A receipt handle names the message and the receive, so that a later receive makes it stale. */
export function receiptHandle(messageId: string, receipt: number): string {
  return `${messageId}#${receipt}`;
}

/** @throws SqsError for what is no receipt handle */
export function messageIdOf(handle: string): string {
  return handle.slice(0, separatorOf(handle));
}

/** @throws SqsError for what is no receipt handle */
export function receiptOf(handle: string): number {
  return Number(handle.slice(separatorOf(handle) + 1));
}

function separatorOf(handle: string): number {
  const separator = handle.lastIndexOf('#');
  if (separator > 0) return separator;
  throw new SqsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}
