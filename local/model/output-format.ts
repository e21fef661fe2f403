import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '#domain/json.ts';

/**
 * What OpenAI refuses about `text.format` (guide "Structured Outputs", supported schemas): with `strict`,
 * every object names all of its properties as required and allows no others.
 * @returns the complaint
 */
export function formatProblem(text: unknown): string | undefined {
  if (!isObject(text)) return 'expected an object';
  const format = objectAt(text, 'format');
  if (!format || format['type'] === 'text') return undefined;
  if (format['type'] !== 'json_schema') return "'format.type' must be 'text' or 'json_schema'";
  if (!/^[\w-]{1,64}$/.test(textAt(format, 'name') ?? '')) return "'format.name' is missing or odd";
  const schema = objectAt(format, 'schema');
  if (schema?.['type'] !== 'object') return "'format.schema' must be an object's";
  return format['strict'] === true ? schemaProblem(schema, 'schema') : undefined;
}

function schemaProblem(schema: JsonObject, place: string): string | undefined {
  const parts = [
    ...Object.entries(objectAt(schema, 'properties') ?? {}),
    ...listAt(schema, 'anyOf').map((each, index): [string, unknown] => [`anyOf[${index}]`, each]),
    ...('items' in schema ? [['items', schema['items']] as const] : []),
  ];
  const problems = parts.map(([name, part]) =>
    isObject(part) ? schemaProblem(part, `${place}.${name}`) : `${place}.${name} is no schema`,
  );
  return objectProblem(schema, place) ?? problems.find((each) => each !== undefined);
}

function objectProblem(schema: JsonObject, place: string): string | undefined {
  if (schema['type'] !== 'object') return undefined;
  if (valueAt(schema, 'additionalProperties') !== false) {
    return `${place}: 'additionalProperties' must be false`;
  }
  const required = listAt(schema, 'required');
  const missing = Object.keys(objectAt(schema, 'properties') ?? {}).find(
    (name) => !required.includes(name),
  );
  return missing && `${place}: 'required' must name '${missing}'`;
}

/** The name of the format that a request asks for, if it is one of JSON. */
export function formatName(body: JsonObject): string | undefined {
  const format = objectAt(objectAt(body, 'text') ?? {}, 'format') ?? {};
  return format['type'] === 'json_schema' ? textAt(format, 'name') : undefined;
}

/** An answer's words in the shape that the request asks for; `fields` are what else it says. */
export function inFormat(body: JsonObject, text: string, fields: JsonObject = {}): string {
  if (formatName(body) !== 'reply' || text === '') return text;
  return JSON.stringify({ ...SAYS_NOTHING_ELSE, text, ...fields });
}

const SAYS_NOTHING_ELSE = {
  language: null,
  choices: null,
  quotes: null,
  handOver: null,
  forgets: [],
  confidence: 'high',
};
