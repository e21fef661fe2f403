import { md5OfAttributes, md5OfBody } from './md5.ts';
import type {
  MessageAttribute,
  MessageAttributes,
  ReceivedMessage,
  SendRequest,
  SendResult,
} from './message.ts';
import { systemAttributes } from './system-attributes.ts';

/** What SendMessage answers, with the checksums that the SDK compares. */
export function sendAnswer(request: SendRequest, result: SendResult): object {
  const traced = request.traceHeader !== undefined && {
    AWSTraceHeader: { dataType: 'String', stringValue: request.traceHeader },
  };
  return {
    MessageId: result.messageId,
    SequenceNumber: result.sequenceNumber,
    MD5OfMessageBody: md5OfBody(request.body),
    MD5OfMessageAttributes: md5OfAttributes(request.attributes ?? {}),
    MD5OfMessageSystemAttributes: md5OfAttributes(traced || {}),
  };
}

/** Which attributes a receiver asks for, by name. */
export interface WantedAttributes {
  readonly system: readonly string[];
  /** Also `prefix.*`. */
  readonly message: readonly string[];
}

/** A message as ReceiveMessage answers it: with the attributes that were asked for, and no others. */
export function messageAnswer(message: ReceivedMessage, wanted: WantedAttributes): object {
  const attributes = wantedMessageAttributes(message.attributes, wanted.message);
  const system = visibleAttributes(systemAttributes(message), wanted.system);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: mapValues(attributes, attributeAnswer),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** Those that are wanted by name or by `All`. */
export function visibleAttributes(
  attributes: Readonly<Record<string, string>>,
  wanted: readonly string[],
): Readonly<Record<string, string>> {
  if (wanted.includes('All')) return attributes;
  const entries = Object.entries(attributes).filter(([name]) => wanted.includes(name));
  return Object.fromEntries(entries);
}

function wantedMessageAttributes(
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes {
  const entries = Object.entries(attributes).filter(([name]) =>
    wanted.some(
      (each) =>
        each === 'All' ||
        each === name ||
        (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
    ),
  );
  return Object.fromEntries(entries);
}

function attributeAnswer({ dataType, stringValue, binaryValue }: MessageAttribute): object {
  return { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue };
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
