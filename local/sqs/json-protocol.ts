import {
  type ApiAnswer,
  type ApiCall,
  apiError,
  type JsonApi,
  parseObject,
} from '../aws/json-api.ts';
import { JsonInput, MalformedInputError } from '../aws/json-input.ts';
import { messageAnswer, sendAnswer, visibleAttributes } from './json-messages.ts';
import { sendRequest } from './json-send-request.ts';
import { queueNameOf, queueUrl } from './queue-url.ts';
import { SqsError } from './sqs-error.ts';
import type { SqsModel } from './sqs-model.ts';

/** What an operation needs to know besides its parameters. */
interface Request {
  readonly sqs: SqsModel;
  readonly input: JsonInput;
  /** The queue that QueueUrl names. */
  readonly queue: string;
  readonly call: ApiCall;
}

/**
 * SQS in the AWS JSON 1.0 protocol, in which the SDK speaks to it
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html).
 */
export function sqsApi(sqs: SqsModel): JsonApi {
  return { handle: (operation, body, call) => answer(sqs, operation, body, call) };
}

async function answer(
  sqs: SqsModel,
  name: string,
  body: string,
  call: ApiCall,
): Promise<ApiAnswer> {
  try {
    const operation = OPERATIONS[name];
    if (!operation) throw new SqsError('UnsupportedOperation', `No ${name} here.`);
    const members = parseObject(body);
    if (!members) throw new MalformedInputError('The body is no JSON object.');
    const input = new JsonInput(members);
    const queue = queueNameOf(input.optionalText('QueueUrl') ?? '');
    const result = await operation({ sqs, input, queue, call });
    return { status: 200, body: JSON.stringify(result) };
  } catch (error) {
    if (error instanceof SqsError) return refusal(error);
    if (!(error instanceof MalformedInputError)) throw error;
    return refusal(new SqsError('MissingRequiredParameterException', error.message));
  }
}

/** The error's name in the older query protocol goes along. */
function refusal({ code, queryCode, message }: SqsError): ApiAnswer {
  return {
    ...apiError(400, `com.amazonaws.sqs#${code}`, message),
    headers: { 'x-amzn-query-error': `${queryCode};Sender` },
  };
}

type Operation = (request: Request) => object | Promise<object>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateQueue: ({ sqs, input, call }) => {
    const name = input.text('QueueName');
    sqs.createQueue(name, input.textMap('Attributes'));
    return { QueueUrl: urlOf(sqs, name, call) };
  },
  GetQueueUrl: ({ sqs, input, call }) => {
    const name = input.text('QueueName');
    sqs.attributesOf(name);
    return { QueueUrl: urlOf(sqs, name, call) };
  },
  ListQueues: ({ sqs, input, call }) => {
    const prefix = input.optionalText('QueueNamePrefix') ?? '';
    const names = sqs.queueNames().filter((name) => name.startsWith(prefix));
    return { QueueUrls: names.map((name) => urlOf(sqs, name, call)) };
  },
  GetQueueAttributes: ({ sqs, input, queue }) => {
    const wanted = input.texts('AttributeNames');
    return { Attributes: visibleAttributes(sqs.attributesOf(queue), wanted) };
  },
  PurgeQueue: ({ sqs, queue }) => {
    sqs.purgeQueue(queue);
    return {};
  },
  SendMessage: ({ sqs, input, queue, call }) => {
    const message = sendRequest(input, call);
    return sendAnswer(message, sqs.sendMessage(queue, message));
  },
  SendMessageBatch: ({ sqs, input, queue, call }) => {
    const entries = input
      .objects('Entries')
      .map((each) => ({ id: each.text('Id'), ...sendRequest(each, call) }));
    const { successful, failed } = sqs.sendMessageBatch(queue, entries);
    const messages = new Map(entries.map((entry) => [entry.id, entry]));
    return batchAnswer({
      failed,
      successful: successful.flatMap(({ id, ...result }) => {
        const message = messages.get(id);
        return message ? [{ Id: id, ...sendAnswer(message, result) }] : [];
      }),
    });
  },
  ReceiveMessage: async ({ sqs, input, queue }) => {
    if (input.optionalText('ReceiveRequestAttemptId') !== undefined) {
      throw new SqsError('UnsupportedOperation', 'ReceiveRequestAttemptId is unknown here.');
    }
    const messages = await sqs.receive(queue, {
      maxMessages: input.optionalNumber('MaxNumberOfMessages'),
      visibilityTimeoutSeconds: input.optionalNumber('VisibilityTimeout'),
      waitSeconds: input.optionalNumber('WaitTimeSeconds'),
    });
    if (messages.length === 0) return {};
    const names = {
      system: [...input.texts('AttributeNames'), ...input.texts('MessageSystemAttributeNames')],
      message: input.texts('MessageAttributeNames'),
    };
    return { Messages: messages.map((message) => messageAnswer(message, names)) };
  },
  DeleteMessage: ({ sqs, input, queue }) => {
    sqs.deleteMessage(queue, input.text('ReceiptHandle'));
    return {};
  },
  DeleteMessageBatch: ({ sqs, input, queue }) => {
    const entries = input.objects('Entries').map(heldEntry);
    return idsAnswer(sqs.deleteMessageBatch(queue, entries));
  },
  ChangeMessageVisibility: ({ sqs, input, queue }) => {
    const seconds = input.optionalNumber('VisibilityTimeout') ?? Number.NaN;
    sqs.changeMessageVisibility(queue, input.text('ReceiptHandle'), seconds);
    return {};
  },
  ChangeMessageVisibilityBatch: ({ sqs, input, queue }) => {
    const entries = input.objects('Entries').map((each) => ({
      ...heldEntry(each),
      visibilityTimeoutSeconds: each.optionalNumber('VisibilityTimeout') ?? Number.NaN,
    }));
    return idsAnswer(sqs.changeMessageVisibilityBatch(queue, entries));
  },
  StartMessageMoveTask: ({ sqs, input }) => ({
    TaskHandle: sqs.startMessageMoveTask({
      sourceArn: input.text('SourceArn'),
      destinationArn: input.optionalText('DestinationArn'),
      maxMessagesPerSecond: input.optionalNumber('MaxNumberOfMessagesPerSecond'),
    }),
  }),
  ListMessageMoveTasks: ({ sqs, input }) => {
    const tasks = sqs.listMessageMoveTasks(input.text('SourceArn'));
    return {
      Results: tasks.slice(0, input.optionalNumber('MaxResults') ?? 1).map((task) => ({
        ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.maxMessagesPerSecond,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failureReason,
        StartedTimestamp: task.startedAtMs,
      })),
    };
  },
  CancelMessageMoveTask: ({ sqs, input }) => ({
    ApproximateNumberOfMessagesMoved: sqs.cancelMessageMoveTask(input.text('TaskHandle')),
  }),
};

function urlOf(sqs: SqsModel, name: string, { endpoint }: ApiCall): string {
  return queueUrl(endpoint, sqs.accountId, name);
}

function heldEntry(entry: JsonInput): { readonly id: string; readonly receiptHandle: string } {
  return { id: entry.text('Id'), receiptHandle: entry.text('ReceiptHandle') };
}

type Failures = ReturnType<SqsModel['deleteMessageBatch']>['failed'];

function idsAnswer(result: ReturnType<SqsModel['deleteMessageBatch']>): object {
  return batchAnswer({ ...result, successful: result.successful.map(({ id }) => ({ Id: id })) });
}

function batchAnswer(result: { successful: readonly object[]; failed: Failures }): object {
  return {
    Successful: result.successful,
    Failed: result.failed.map(({ id, code, message, senderFault }) => ({
      Id: id,
      Code: code,
      Message: message,
      SenderFault: senderFault,
    })),
  };
}
