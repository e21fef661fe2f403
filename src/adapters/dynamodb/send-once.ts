import {
  DynamoDBServiceException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Table } from './table.ts';

/** Raised instead of a second try of a write that may have taken effect. */
class UncertainWriteError extends Error {
  override readonly name = 'UncertainWriteError';
}

/**
 * An update that must not take effect twice, such as taking money off a sum. The client tries it again
 * only where DynamoDB has certainly refused it; not where an answer got lost.
 * @throws UncertainWriteError where nobody knows whether it took effect
 */
export function updateOnce(
  { client, tableName }: Table,
  input: Omit<UpdateItemCommandInput, 'TableName'>,
): Promise<UpdateItemCommandOutput> {
  const command = new UpdateItemCommand({ TableName: tableName, ...input });
  let mayHaveTakenEffect = false;
  command.middlewareStack.add(
    (next) => async (args) => {
      if (mayHaveTakenEffect) {
        throw new UncertainWriteError('Whether an update took effect is not known');
      }
      mayHaveTakenEffect = true;
      try {
        return await next(args);
      } catch (error) {
        mayHaveTakenEffect = !isRefusal(error);
        throw error;
      }
    },
    // Within the client's retries.
    { step: 'finalizeRequest', priority: 'low', name: 'sendOnce' },
  );
  return client.send(command);
}

/** Throttled, or wrong in itself. After an answer 5xx the write may have been made. */
function isRefusal(error: unknown): boolean {
  return error instanceof DynamoDBServiceException && error.$metadata.httpStatusCode === 400;
}
