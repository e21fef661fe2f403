import { expect, test } from 'vitest';
import { namedAttributes } from '#local/aws/named-attributes.ts';

test.each<[string, object, readonly string[]]>([
  ['PutItem', { Item: { pk: {}, text: {} } }, ['pk', 'text']],
  [
    'UpdateItem',
    {
      Key: { pk: {}, sk: {} },
      UpdateExpression: 'SET #one = if_not_exists(two, :three), four.#five = :six ADD seven :eight',
      ConditionExpression: 'attribute_exists(nine) AND NOT (ten[0] IN (:a, :b) or size(pk) > :c)',
      ExpressionAttributeNames: { '#one': 'set', '#five': 'inside' },
      ExpressionAttributeValues: { ':three': { S: 'eleven' } },
    },
    ['pk', 'sk', 'nine', 'ten', 'set', 'two', 'four', 'seven'],
  ],
  ['GetItem', { Key: { pk: {} } }, ['pk', '*']],
  ['GetItem', { Key: { pk: {} }, ProjectionExpression: 'outcome, v' }, ['pk', 'outcome', 'v']],
  ['Query', { KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)' }, ['pk', 'sk', '*']],
])('%s of %j', (operation, input, expected) => {
  expect(namedAttributes(operation, { ...input })).toEqual(expected);
});
