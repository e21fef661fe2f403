import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Table } from './table.ts';

/** Whether the condition of a write held, and so whether it was written. */
export type Written = 'written' | 'condition-failed';

export async function putWhen(
  { client, tableName }: Table,
  input: Omit<PutItemCommandInput, 'TableName'>,
  abortSignal?: AbortSignal,
): Promise<Written> {
  const command = new PutItemCommand({ TableName: tableName, ...input });
  return outcomeOf(client.send(command, abortSignal ? { abortSignal } : {}));
}

export async function updateWhen(
  { client, tableName }: Table,
  input: Omit<UpdateItemCommandInput, 'TableName'>,
): Promise<Written> {
  return outcomeOf(client.send(new UpdateItemCommand({ TableName: tableName, ...input })));
}

export async function deleteWhen(
  { client, tableName }: Table,
  input: Omit<DeleteItemCommandInput, 'TableName'>,
): Promise<Written> {
  return outcomeOf(client.send(new DeleteItemCommand({ TableName: tableName, ...input })));
}

async function outcomeOf(write: Promise<unknown>): Promise<Written> {
  try {
    await write;
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'condition-failed';
    throw error;
  }
}
