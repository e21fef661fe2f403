import { isObject, type JsonObject, listAt, objectAt } from '#domain/json.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAXIMUM_LEVELS = 32;

/** True for a request with a value of more nested lists and maps than DynamoDB stores. */
export function isNestedTooDeep(input: JsonObject): boolean {
  const batches = Object.values(objectAt(input, 'RequestItems') ?? {});
  const puts = batches
    .flatMap((requests) => (Array.isArray(requests) ? requests.filter(isObject) : []))
    .map((request) => objectAt(objectAt(request, 'PutRequest') ?? {}, 'Item'));
  const holders = [objectAt(input, 'Item'), objectAt(input, 'ExpressionAttributeValues'), ...puts];
  return holders.some((holder) =>
    Object.values(holder ?? {}).some((value) => !fits(value, MAXIMUM_LEVELS)),
  );
}

function fits(value: unknown, levelsLeft: number): boolean {
  if (!isObject(value)) return true;
  const nested = [...listAt(value, 'L'), ...Object.values(objectAt(value, 'M') ?? {})];
  return nested.every((each) => levelsLeft > 0 && fits(each, levelsLeft - 1));
}
