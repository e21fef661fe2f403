import { type JsonObject, objectAt, textAt } from '#domain/json.ts';

const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

const WORDS = ['ADD', 'AND', 'BETWEEN', 'DELETE', 'IN', 'NOT', 'OR', 'REMOVE', 'SET'];

/** Where a name begins: not within a path (`a.b`), and neither a value (`:v`) nor a function (`size(`). */
const NAME = /(?<![\w.#:])#?[A-Za-z_]\w*\b(?!\s*\()/g;

/** Operations that return whole items where no projection says otherwise. */
const RETURNING = ['BatchGetItem', 'GetItem', 'Query', 'Scan'];

/**
 * The attributes of a call on items, which `dynamodb:Attributes` is about: of its keys and items, and
 * those that its expressions name. A call that returns whole items names the attribute `*`, so that a
 * condition on attributes refuses it.
 */
export function namedAttributes(operation: string, input: JsonObject): readonly string[] {
  const aliases = objectAt(input, 'ExpressionAttributeNames') ?? {};
  const named = EXPRESSIONS.flatMap((each) => (textAt(input, each) ?? '').match(NAME) ?? [])
    .filter((name) => !WORDS.includes(name.toUpperCase()))
    .map((name) => textAt(aliases, name) ?? name);
  const written = ['Key', 'Item'].flatMap((each) => Object.keys(objectAt(input, each) ?? {}));
  const isWhole =
    RETURNING.includes(operation) && textAt(input, 'ProjectionExpression') === undefined;
  return [...new Set([...written, ...named, ...(isWhole ? ['*'] : [])])];
}
