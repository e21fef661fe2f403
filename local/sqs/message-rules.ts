import type { MessageAttributes, SendRequest } from './message.ts';
import type { QueueDefinition } from './queue-definition.ts';
import { invalidParameter, SqsError } from './sqs-error.ts';

/** What a message, and the sum of a batch, may weigh: body and message attributes, in bytes. */
export const SIZE_LIMIT_BYTES = 1_048_576;

/** What XML 1.0 allows, which is what SQS allows. */
const REFUSED_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Up to 128 letters, digits and punctuation marks: group and deduplication ids. */
const ID = /^[\u{21}-\u{7E}]{1,128}$/u;

const ATTRIBUTE_NAME = /^(?!AWS\.|Amazon\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const ATTRIBUTE_TYPE = /^(String|Number|Binary)(\..+)?$/;

/** @throws SqsError for what SendMessage refuses */
export function checkMessage(request: SendRequest, queue: QueueDefinition): void {
  if (request.body === '') {
    throw new SqsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter MessageBody.',
    );
  }
  if (REFUSED_CHARACTER.test(request.body)) {
    throw new SqsError('InvalidMessageContents', 'Invalid characters found in the message body.');
  }
  checkAttributes(request.attributes ?? {});
  if (messageBytes(request) > queue.maximumMessageBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageBytes} bytes.`,
    );
  }
  if (queue.fifo) checkFifoMessage(request, queue);
  else checkStandardMessage(request);
}

function checkFifoMessage(request: SendRequest, queue: QueueDefinition): void {
  const { groupId, deduplicationId, delaySeconds } = request;
  if (groupId === undefined) {
    throw new SqsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter MessageGroupId.',
    );
  }
  checkId('MessageGroupId', groupId);
  if (deduplicationId !== undefined) {
    checkId('MessageDeduplicationId', deduplicationId);
  } else if (!queue.contentBasedDeduplication) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (delaySeconds !== undefined && delaySeconds !== 0) {
    throw invalidParameter(
      `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
}

function checkStandardMessage({ groupId, deduplicationId, delaySeconds }: SendRequest): void {
  // A standard queue takes a group id too, for fairness among groups; it gives no order.
  if (groupId !== undefined) checkId('MessageGroupId', groupId);
  if (deduplicationId !== undefined) {
    throw invalidParameter(
      `Value ${deduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    );
  }
  if (delaySeconds !== undefined && !(delaySeconds >= 0 && delaySeconds <= 900)) {
    throw invalidParameter(
      `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
}

function checkId(parameter: string, id: string): void {
  if (ID.test(id)) return;
  throw invalidParameter(
    `Value ${id} for parameter ${parameter} is invalid. Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > 10) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`,
    );
  }
  for (const [name, { dataType, stringValue, binaryValue }] of entries) {
    if (!ATTRIBUTE_NAME.test(name)) {
      throw invalidParameter(`The message attribute name '${name}' is invalid.`);
    }
    if (!ATTRIBUTE_TYPE.test(dataType) || dataType.length > 256) {
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const value = dataType.startsWith('Binary') ? binaryValue : stringValue;
    if (value === undefined || value === '') {
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty value of its type.`,
      );
    }
    if (dataType.startsWith('Number') && Number.isNaN(Number(value))) {
      throw invalidParameter(`Can't cast the value of message attribute '${name}' to a number.`);
    }
  }
}

/** Body, and name, type and value of each message attribute; system attributes weigh nothing. */
export function messageBytes({ body, attributes = {} }: SendRequest): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(dataType);
    bytes += Buffer.byteLength(stringValue ?? '');
    bytes += Buffer.byteLength(binaryValue ?? '', 'base64');
  }
  return bytes;
}
