import { SqsError } from './sqs-error.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const ENTRY_LIMIT = 10;

export interface BatchResult<Result> {
  readonly successful: readonly ({ readonly id: string } & Result)[];
  readonly failed: readonly BatchFailure[];
}

interface BatchFailure {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  /** Always the sender's fault here: the model itself does not fail. */
  readonly senderFault: true;
}

/**
 * Does something with each entry of a batch; the refusal of one leaves the others alone.
 *
 * @throws SqsError for a batch that is refused as a whole
 */
export function forEachEntry<Entry extends { readonly id: string }, Result extends object>(
  entries: readonly Entry[],
  act: (entry: Entry) => Result,
): BatchResult<Result> {
  checkEntries(entries);
  const successful: ({ id: string } & Result)[] = [];
  const failed: BatchFailure[] = [];
  for (const entry of entries) {
    try {
      successful.push({ id: entry.id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      const { queryCode: code, message } = error;
      failed.push({ id: entry.id, code, message, senderFault: true });
    }
  }
  return { successful, failed };
}

function checkEntries(entries: readonly { readonly id: string }[]): void {
  if (entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > ENTRY_LIMIT) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${ENTRY_LIMIT}. You have sent ${entries.length}.`,
    );
  }
  const bad = entries.find(({ id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(id));
  if (bad) {
    throw new SqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const ids = entries.map(({ id }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw new SqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  }
}
