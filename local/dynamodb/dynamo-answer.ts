import { crc32 } from 'node:zlib';
import type { ApiAnswer } from '../aws/json-api.ts';

export function dynamoAnswer(status: number, content: object): ApiAnswer {
  return answerOf(status, JSON.stringify(content));
}

/** With the checksum that DynamoDB sends, which some clients verify. */
export function answerOf(status: number, body: string): ApiAnswer {
  return {
    status,
    headers: { 'x-amz-crc32': String(crc32(body)) },
    body,
  };
}

/** An error by its name, as the SDK makes it known. */
export function dynamoRefusal(error: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}): ApiAnswer {
  const __type = `com.amazonaws.dynamodb.v20120810#${error.code}`;
  return dynamoAnswer(error.status, { __type, message: error.message });
}
