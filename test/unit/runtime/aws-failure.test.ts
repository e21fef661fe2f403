import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { classifyAwsError } from '#runtime/aws-failure.ts';

function named(name: string, over: object = {}): Error {
  return Object.assign(new Error('never read'), { name }, over);
}

test.each([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'RequestThrottled',
  'OverLimit',
  'QueueRefusedError',
])('%s passes by itself', (name) => {
  expect(classifyAwsError(named(name))).toEqual({ class: 'retry', code: `aws:${name}` });
});

test.each([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'QueueDoesNotExist',
  'KmsDisabled',
])('%s needs the operator', (name) => {
  expect(classifyAwsError(named(name))).toEqual({ class: 'fix-needed', code: `aws:${name}` });
});

test('a broken connection and a server’s own failure pass by themselves', () => {
  expect(classifyAwsError(named('Error', { code: 'ECONNRESET' }))).toMatchObject({
    class: 'retry',
  });
  const options = { name: 'Odd', $fault: 'server' as const, $metadata: { httpStatusCode: 503 } };
  expect(classifyAwsError(new DynamoDBServiceException(options))).toEqual({
    class: 'retry',
    code: 'aws:http-503',
  });
});

test('whatever is wrong with our own request is a bug', () => {
  const $metadata = { httpStatusCode: 400 };
  const condition = new ConditionalCheckFailedException({ message: '', $metadata });
  expect(classifyAwsError(condition)).toBeUndefined();
  expect(classifyAwsError(named('ValidationException', { $metadata }))).toBeUndefined();
  expect(classifyAwsError(new TypeError('x is undefined'))).toBeUndefined();
  expect(classifyAwsError('a text')).toBeUndefined();
});
