import { describe } from 'vitest';
import { findDynamoDbLocal, startDynamoDbLocal } from '#test/support/dynamodb-local.ts';
import { describeDynamoAdapters } from './dynamo-adapters-suite.ts';

const home = findDynamoDbLocal();

describe.skipIf(!home)("on Amazon's DynamoDB Local", () => {
  describeDynamoAdapters(() => startDynamoDbLocal(home ?? ''));
});
