import type { ApiCall } from '../aws/json-api.ts';
import type { JsonInput } from '../aws/json-input.ts';
import type { MessageAttribute, MessageAttributes, SendRequest } from './message.ts';
import { invalidParameter } from './sqs-error.ts';

/** Reads SendMessage's parameters, or those of one entry of SendMessageBatch. */
export function sendRequest(input: JsonInput, { principalId }: ApiCall): SendRequest {
  return {
    body: input.optionalText('MessageBody') ?? '',
    groupId: input.optionalText('MessageGroupId'),
    deduplicationId: input.optionalText('MessageDeduplicationId'),
    delaySeconds: input.optionalNumber('DelaySeconds'),
    attributes: attributesOf(input, 'MessageAttributes'),
    traceHeader: traceHeaderOf(input),
    senderId: principalId,
  };
}

function attributesOf(input: JsonInput, parameter: string): MessageAttributes {
  const entries = input.entries(parameter).map(([name, value]): [string, MessageAttribute] => {
    const stringValue = value.optionalText('StringValue');
    const binaryValue = value.optionalText('BinaryValue');
    const attribute = {
      dataType: value.text('DataType'),
      ...(stringValue !== undefined && { stringValue }),
      ...(binaryValue !== undefined && { binaryValue }),
    };
    return [name, attribute];
  });
  return Object.fromEntries(entries);
}

/** The only system attribute that a sender gives. */
function traceHeaderOf(input: JsonInput): string | undefined {
  const { AWSTraceHeader: trace, ...others } = attributesOf(input, 'MessageSystemAttributes');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalidParameter(`Message system attribute name '${unknown}' is invalid.`);
  }
  return trace?.stringValue;
}
