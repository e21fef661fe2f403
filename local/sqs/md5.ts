import { createHash } from 'node:crypto';
import type { MessageAttributes } from './message.ts';

/** As hexadecimal digits. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

const TRANSPORT_STRING = 1;
const TRANSPORT_BINARY = 2;

/**
 * The checksum that senders compare: the attributes by name, each part led by its length
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
 * Undefined where there are none.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  const hash = createHash('md5');
  for (const [name, { dataType, stringValue, binaryValue }] of entries.sort(byName)) {
    const binary = dataType.startsWith('Binary');
    const value = binary
      ? Buffer.from(binaryValue ?? '', 'base64')
      : Buffer.from(stringValue ?? '');
    for (const part of [Buffer.from(name), Buffer.from(dataType)]) {
      hash.update(lengthOf(part)).update(part);
    }
    hash.update(Buffer.of(binary ? TRANSPORT_BINARY : TRANSPORT_STRING));
    hash.update(lengthOf(value)).update(value);
  }
  return hash.digest('hex');
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}
