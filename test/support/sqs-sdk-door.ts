import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { sqsApi } from '#local/sqs/json-protocol.ts';
import type { SendRequest } from '#local/sqs/message.ts';
import { queueUrl } from '#local/sqs/queue-url.ts';
import type { SqsModel } from '#local/sqs/sqs-model.ts';
import { startAwsApi, TESTER } from './aws-api.ts';
import { ACCOUNT, type Refused, type SqsDoor, type TimedModel } from './sqs-door.ts';

/** The model through its JSON protocol, by the AWS SDK, which also compares checksums. */
export async function sdkDoor({ clock, sqs }: TimedModel): Promise<SqsDoor> {
  const { server, client } = await startSqsServer(sqs);
  const urlOf = (name: string) => queueUrl(server.url, ACCOUNT, name);
  async function attempt<Result>(call: Promise<Result>): Promise<Result | Refused> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof Error && 'Code' in error) return { refused: String(error.Code) };
      throw error;
    }
  }
  return {
    clock,
    createQueue: (name, attributes) =>
      attempt(
        client
          .send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
          .then(() => undefined),
      ),
    send: (name, message) =>
      attempt(
        client
          .send(new SendMessageCommand({ QueueUrl: urlOf(name), ...sendInput(message) }))
          .then(({ MessageId = '', SequenceNumber }) => ({
            messageId: MessageId,
            sequenceNumber: SequenceNumber,
          })),
      ),
    sendBatch: (name, entries) =>
      attempt(
        client
          .send(
            new SendMessageBatchCommand({
              QueueUrl: urlOf(name),
              Entries: entries.map(({ id, ...entry }) => ({ Id: id, ...sendInput(entry) })),
            }),
          )
          .then(({ Successful = [], Failed = [] }) => ({
            sent: Successful.map(({ Id = '' }) => Id),
            failed: Failed.map(({ Id = '', Code = '' }) => ({ id: Id, code: Code })),
          })),
      ),
    receive: async (name, { maxMessages, visibilityTimeoutSeconds, waitSeconds } = {}) => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: urlOf(name),
          MaxNumberOfMessages: maxMessages,
          VisibilityTimeout: visibilityTimeoutSeconds,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map((message) => ({
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        system: message.Attributes ?? {},
        attributes: message.MessageAttributes ?? {},
      }));
    },
    delete: (name, ReceiptHandle) =>
      attempt(
        client
          .send(new DeleteMessageCommand({ QueueUrl: urlOf(name), ReceiptHandle }))
          .then(() => undefined),
      ),
    changeVisibility: (name, ReceiptHandle, VisibilityTimeout) =>
      attempt(
        client
          .send(
            new ChangeMessageVisibilityCommand({
              QueueUrl: urlOf(name),
              ReceiptHandle,
              VisibilityTimeout,
            }),
          )
          .then(() => undefined),
      ),
    attributes: async (name) => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ['All'] }),
      );
      return Attributes;
    },
    purge: (name) =>
      attempt(client.send(new PurgeQueueCommand({ QueueUrl: urlOf(name) })).then(() => undefined)),
    startMove: (SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond) =>
      attempt(
        client
          .send(
            new StartMessageMoveTaskCommand({
              SourceArn,
              DestinationArn,
              MaxNumberOfMessagesPerSecond,
            }),
          )
          .then(() => undefined),
      ),
    moveStatus: async (SourceArn) => {
      const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
      const [task] = Results;
      return (
        task && { status: task.Status ?? '', moved: task.ApproximateNumberOfMessagesMoved ?? 0 }
      );
    },
    close: async () => {
      client.destroy();
      sqs.close();
      await server.close();
    },
  };
}

function sendInput(message: SendRequest): Omit<SendMessageBatchRequestEntry, 'Id'> {
  const attributes = Object.entries(message.attributes ?? {}).map(([key, value]) => [
    key,
    {
      DataType: value.dataType,
      StringValue: value.stringValue,
      BinaryValue: value.binaryValue && Buffer.from(value.binaryValue, 'base64'),
    },
  ]);
  return {
    MessageBody: message.body,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    DelaySeconds: message.delaySeconds,
    MessageAttributes: Object.fromEntries(attributes),
    MessageSystemAttributes:
      message.traceHeader === undefined
        ? undefined
        : { AWSTraceHeader: { DataType: 'String', StringValue: message.traceHeader } },
  };
}

/** The JSON protocol on loopback, and a client of it that does not retry. */
async function startSqsServer(sqs: SqsModel) {
  const server = await startAwsApi(sqsApi(sqs), 'application/x-amz-json-1.0');
  const client = new SQSClient({ ...TESTER, endpoint: server.url, maxAttempts: 1 });
  return { server, client };
}
