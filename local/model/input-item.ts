import { isObject, type JsonObject, listAt, textAt, valueAt } from '#domain/json.ts';
import { describeImage } from './image-part.ts';
import { invalidRequest, type ModelError } from './model-error.ts';
import type { InputItem } from './response-request.ts';

const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

/** Content parts that each role may hold. */
const PARTS: Readonly<Record<(typeof ROLES)[number], readonly string[]>> = {
  user: ['input_text', 'input_image', 'input_file'],
  system: ['input_text'],
  developer: ['input_text'],
  assistant: ['output_text', 'refusal'],
};

/** Items that are no message, with the keys they need. */
const OTHER_ITEMS: Readonly<Record<string, readonly string[]>> = {
  function_call: ['call_id', 'name', 'arguments'],
  function_call_output: ['call_id', 'output'],
  reasoning: [],
  item_reference: ['id'],
};

/** @throws ModelError naming the place in the request, as OpenAI does */
export function readInputItem(item: unknown, index: number): InputItem {
  const place = `input[${index}]`;
  if (!isObject(item)) throw invalid(place, 'expected an object');
  const type = textAt(item, 'type') ?? 'message';
  if (type !== 'message') return readOtherItem(item, type, place);
  const role = ROLES.find((each) => each === valueAt(item, 'role'));
  if (!role) throw invalid(`${place}.role`, `expected one of ${ROLES.join(', ')}`);
  const content = valueAt(item, 'content');
  if (typeof content === 'string') return { role, type, text: content };
  if (!Array.isArray(content)) {
    throw invalid(`${place}.content`, 'expected a string or an array of content parts');
  }
  const texts = listAt(item, 'content').map((part, at) =>
    readPart(part, PARTS[role], `${place}.content[${at}]`),
  );
  return { role, type, text: texts.join('') };
}

function readOtherItem(item: JsonObject, type: string, place: string): InputItem {
  const needed = Object.hasOwn(OTHER_ITEMS, type) ? OTHER_ITEMS[type] : undefined;
  if (!needed) throw invalid(`${place}.type`, `'${type}' is not a known item type`);
  for (const key of needed) {
    if (valueAt(item, key) === undefined) throw invalid(`${place}.${key}`, 'it is required');
  }
  return { role: undefined, type, text: '' };
}

function readPart(part: unknown, allowed: readonly string[], place: string): string {
  if (!isObject(part)) throw invalid(place, 'expected an object');
  const type = textAt(part, 'type') ?? '';
  if (!allowed.includes(type)) {
    throw invalid(`${place}.type`, `supported values are ${allowed.join(', ')}`);
  }
  if (type === 'input_file') return '';
  if (type === 'input_image') {
    const described = describeImage(part);
    if ('complaint' in described) throw invalid(`${place}.image_url`, described.complaint);
    return described.text;
  }
  const key = type === 'refusal' ? 'refusal' : 'text';
  const text = valueAt(part, key);
  if (typeof text !== 'string') throw invalid(`${place}.${key}`, 'expected a string');
  return text;
}

function invalid(place: string, complaint: string): ModelError {
  return invalidRequest({
    message: `Invalid value for '${place}': ${complaint}.`,
    param: place,
    code: 'invalid_value',
  });
}
