import { isObject } from '../cloud/properties.ts';
import type { InvokeOutcome } from '../lambda/invocation.ts';

/**
 * Which messages of a batch count as done, by what the function answered: these are deleted, the
 * others come back when their visibility ends. With partial responses an empty answer is success of
 * all, and an answer that cannot be understood or names an unknown message is failure of all
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
export function doneMessages(
  messageIds: readonly string[],
  outcome: InvokeOutcome,
  partialResponses: boolean,
): readonly string[] {
  if (outcome.kind !== 'returned') return [];
  if (!partialResponses) return messageIds;
  const failed = failedMessages(JSON.parse(outcome.payload));
  if (!failed?.every((id) => messageIds.includes(id))) return [];
  return messageIds.filter((id) => !failed.includes(id));
}

/** Undefined where the answer is not of the agreed form. */
function failedMessages(answer: unknown): readonly string[] | undefined {
  if (answer === null) return [];
  if (!isObject(answer)) return undefined;
  const failures = answer['batchItemFailures'] ?? [];
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((each) => (isObject(each) ? each['itemIdentifier'] : undefined));
  return ids.every((id) => typeof id === 'string') ? ids : undefined;
}
